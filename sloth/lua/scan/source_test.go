package scan

import (
	"bytes"
	"strconv"
	"testing"
)

func parse(text string) (float64, bool) {
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

func TestSource(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"x = 1 -- one", "x = 1       "},
		{"--[==== headline ====\nx = 1", "                     \nx = 1"},
		{"a --[[ b\nc ]] d", "a       \n     d"},
		{"a --[==[ b ]] ]==] d", "a                  d"},
		{`s = "--[[" t = '--'`, `s = "--[[" t = '--'`},
		{"s = [[ -- ]] t = [==[ ]] --]==]", "s = [[ -- ]] t = [==[ ]] --]==]"},
		{"s = 'a\\\n--b' --c", "s = 'a\\\n--b'    "},
		{`s = "\"--" -- "`, `s = "\"--"     `},
		{"x = 0x1p4", "x = 16"},
		{"a = b[c[1]] --", "a = b[c[1]]   "},
		{"local a\n(f)()", "local a\n(f)()"},
		{"local a, b\n(f)()", "local a, b\n(f)()"},
		{"function a.b:c\n(x) end", "function a.b:c\n(x) end"},
		{"local function a\n(x) end", "local function a\n(x) end"},
		{"local t = {}\n(f)()", "local t = {}\n(f)()"},
		{"local s = 'x'\n(f)()", "local s = 'x'\n(f)()"},
		{"local n = 1\n(f)()", "local n = 1\n(f)()"},
		{"return\n(f)()", "return\n(f)()"},
		{"f(a)(\nb)", "f(a)(\nb)"},
		{"f[[\n]](b)", "f[[\n]](b)"},
		{"f'a\\\nb'(b)", "f'a\\\nb'(b)"},
		{"function f(a)\n(g)() end", "function f(a)\n(g)() end"},
		{"for a in b do\n(g)() end", "for a in b do\n(g)() end"},
	} {
		got, err := Source([]byte(test.source), parse)
		if err != nil || string(got) != test.want {
			t.Errorf("%q: %q, %v, want %q", test.source, got, err, test.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"x = 1e", "line 1: malformed number near '1e'"},
		{"\n\r\n\rx = 3x", "line 3: malformed number near '3x'"},
		{"x = 1..2", "line 1: malformed number near '1..2'"},
		{"\r\n\"\\300\"", "line 2: escape sequence too large near '\\300'"},
		{"--[[ a", "line 1: unfinished long string or comment"},
		{"\n\nx = [==[ ]=]", "line 3: unfinished long string or comment"},
		{"local a = f\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
		{"x = t[1]\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
		{"x = t.y\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
		{"f{}\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
		{"f(1)\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
		{"f'a'\n(g)()", "line 2: ambiguous syntax (function call x new statement) near '('"},
	} {
		if _, err := Source([]byte(test.source), parse); err == nil || err.Error() != test.want {
			t.Errorf("%q: %v, want %s", test.source, err, test.want)
		}
	}
}

// FuzzSource looks for sources that crash the scanner or lose lines.
func FuzzSource(f *testing.F) {
	for _, seed := range []string{"", "--[=[", "'\\", "[==", "0x", "x = 1 --[[ \r\n ]] y", `"\9999"`, "a\r\r\n\n\rb", "f\n(x)"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		got, err := Source(source, parse)
		if err == nil && bytes.Count(got, []byte("\n")) != bytes.Count(source, []byte("\n")) {
			t.Fatalf("%q became %q", source, got)
		}
	})
}
