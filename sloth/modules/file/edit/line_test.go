package edit

import (
	"testing"

	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	t.Parallel()
	port := Line{Line: text("Port 22"), Match: expression(`^\s*#?\s*Port\s`)}
	with := func(l Line, change func(*Line)) Line {
		change(&l)
		return l
	}
	check(t, []expectation{
		{"an empty text", Line{Line: text("a")}, "", "a\n"},
		{"at the end", Line{Line: text("c")}, "a\nb\n", "a\nb\nc\n"},
		{"at the end, without a newline there", Line{Line: text("c")}, "a\nb", "a\nb\nc\n"},
		{"at the end, CRLF", Line{Line: text("c")}, "a\r\nb\r\n", "a\r\nb\r\nc\r\n"},
		{"at the end, CRLF without a newline there", Line{Line: text("c")}, "a\r\nb", "a\r\nb\r\nc\r\n"},
		{"it is there", Line{Line: text("b")}, "a\nb\nc", "a\nb\nc"},
		{"it is there, CRLF", Line{Line: text("b")}, "a\r\nb\r\n", "a\r\nb\r\n"},
		{"in the place of another", port, "x\n# Port 2222\ny\n", "x\nPort 22\ny\n"},
		{"the last line has no end", port, "x\nPort 1", "x\nPort 22"},
		{"the place keeps its CRLF", port, "x\nPort 1\r\ny\n", "x\nPort 22\r\ny\n"},
		{"no match", port, "x\n", "x\nPort 22\n"},
		{"two matches", port, "Port 1\nx\nPort 2\n",
			`error: match '^\\s*#?\\s*Port\\s' matches more than one line: 1 and 3, and maybe more; make it match one, or set all`},
		{"all matches", with(port, func(l *Line) { l.All = true }), "Port 1\nx\nPort 2", "Port 22\nx\nPort 22"},
		{"after the last", with(port, func(l *Line) { l.After = expression("^#") }), "# a\n# b\nc\n", "# a\n# b\nPort 22\nc\n"},
		{"after a line that is the end", with(port, func(l *Line) { l.After = expression("^c") }), "a\r\nc", "a\r\nc\r\nPort 22\r\n"},
		{"before the first", with(port, func(l *Line) { l.Before = expression("^Match") }), "a\nMatch x\nMatch y\n", "a\nPort 22\nMatch x\nMatch y\n"},
		{"at the beginning", Line{Line: text("a"), Place: Place{Before: expression("^")}}, "b\n", "a\nb\n"},
		{"at the beginning of nothing", Line{Line: text("a"), Place: Place{Before: expression("^")}}, "", "a\n"},
		{"nothing to be after", with(port, func(l *Line) { l.After = expression("^zz") }), "a\n", "error: no line matches after, '^zz'; without after, it is added at the end"},
		{"nothing to be after, but there", with(port, func(l *Line) { l.After = expression("^zz") }), "Port 22\n", "Port 22\n"},
		{"after and before", with(port, func(l *Line) { l.After, l.Before = expression("a"), expression("b") }), "a\n",
			"error: after and before exclude each other: give one of them"},
		{"match does not fit", Line{Line: text("Port 22"), Match: expression("^port=")}, "x\n",
			"error: match '^port=' does not match the line 'Port 22', so that each call would add it again"},
		{"a Lua pattern", Line{Line: text("Port 22"), Match: expression("^Port%s+%d")}, "x\n",
			`error: match '^Port%s+%d' does not match the line 'Port 22', so that each call would add it again` +
				`; %s is of Lua's patterns, and this is a regular expression: as \d there, which Lua writes [[\d]]`},
		{"two lines", Line{Line: text("a\nb")}, "", `error: line is one line, without its end: 'a\nb'; file.block is for several`},
		{"no line", Line{}, "", "error: the option line is missing"},
		{"absent", Line{Line: text("b"), Absent: true}, "a\nb\nc\nb", "a\nc\n"},
		{"absent by match", with(port, func(l *Line) { l.Absent = true }), "a\r\nPort 3\r\nb", "a\r\nb"},
		{"absent, two matches", Line{Match: expression("^a"), Absent: true}, "a\nb\na\n", "error: match '^a' matches more than one line: 1 and 3, and maybe more; make it match one, or set all"},
		{"absent, all matches", Line{Match: expression("^a"), Absent: true, All: true}, "a\nb\na\n", "b\n"},
		{"absent without a word", Line{Absent: true}, "", "error: what is to be absent? Give line or match"},
		{"bytes", Line{Line: text("\xff=1"), Match: expression("^.=")}, "\xfe\x00\n", "\xfe\x00\n\xff=1\n"},
	})
}

func TestExpression(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[string]string{
		"":                                    "an expression that is empty is in every line",
		"a(b":                                 "it is no regular expression: missing closing )",
		"port=[0-9":                           "it is no regular expression: missing closing ] at character 6, '[0-9'",
		"é*[b-a]":                             "it is no regular expression: invalid character class range at character 4, 'b-a'",
		"(?!x)":                               "it is no regular expression: invalid or unsupported Perl syntax at character 1, '(?!'; expressions are those of RE2, which have no look-ahead and no possessive repetition",
		`(a)\1`:                               "it is no regular expression: invalid escape sequence at character 4, '\\\\1'; expressions are those of RE2, which have no references to groups",
		"a{1001}":                             "it is no regular expression: invalid repeat count at character 2, '{1001}'",
		string(make([]byte, maxExpression+1)): "an expression has at most 16384 bytes",
	} {
		var e Expression
		if err := e.UnmarshalText([]byte(wrong)); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %s", wrong, err, want)
		}
	}
}

func drawLine(t *rapid.T) Line {
	expressions := rapid.SampledFrom([]string{"", "^a", "b", "^#?c=", "x$", "^$", "."})
	draw := func(name string) (e Expression) {
		if text := expressions.Draw(t, name); text != "" {
			e = expression(text)
		}
		return e
	}
	return Line{
		Line:  Text{rapid.SampledFrom([]string{"a", "b", "c=1", "x", "", "\xff"}).Draw(t, "line"), rapid.Bool().Draw(t, "given")},
		Match: draw("match"), Place: Place{After: draw("after"), Before: draw("before")},
		All: rapid.Bool().Draw(t, "all"), Absent: rapid.Bool().Draw(t, "absent"),
	}
}

func TestLineProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, text := drawLine(t), texts("a", "b", "#c=2", "c=1", "x", "\xff").Draw(t, "text")
		if after, ok := settled(t, l, text); ok {
			stays(t, l, text, after, l.is)
		}
	})
}

func FuzzLine(f *testing.F) {
	f.Add("a\nb\r\n", "c", "^c", "", false, false)
	f.Add("Port 1\nPort 2", "Port 22", `^\s*#?Port\s`, "^#", true, false)
	f.Add("x\r", "x", "x$", "", false, true)
	f.Fuzz(func(t *testing.T, before, line, match, after string, all, absent bool) {
		l := Line{Line: text(line), All: all, Absent: absent}
		if match != "" && l.Match.UnmarshalText([]byte(match)) != nil || after != "" && l.After.UnmarshalText([]byte(after)) != nil {
			return
		}
		if result, ok := settled(t, l, before); ok {
			stays(t, l, before, result, l.is)
		}
	})
}
