package edit

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReplace(t *testing.T) {
	t.Parallel()
	check(t, []expectation{
		{"no match", Replace{Match: "x", With: "y"}, "a\n", "a\n"},
		{"each match", Replace{Match: "a+", With: "b"}, "aa a\n", "b b\n"},
		{"each line", Replace{Match: `^port=\d*$`, With: "port=80"}, "port=1\nport=\nxport=2\n", "port=80\nport=80\nxport=2\n"},
		{"groups", Replace{Match: `(\w+)@(?P<host>\w+)`, With: "${host} at $1$$"}, "me@home", "home at me$"},
		{"a group that takes no part", Replace{Match: `x(y)?`, With: "[$1]"}, "x", "[]"},
		{"CRLF stays", Replace{Match: `^port=1.*$`, With: "port=80\nx=1"}, "port=1\r\nb\r\n", "port=80\r\nx=1\r\nb\r\n"},
		{"CRLF is replaced", Replace{Match: `\r\n`, With: "\n"}, "a\r\nb\r\n", "a\nb\n"},
		{"CRLF is replaced, plain", Replace{Match: "\r\n", With: "\n", Plain: true}, "a\r\nb\r\n", "a\nb\n"},
		{"over several lines", Replace{Match: `(?s)<a>.*?</a>\n`, With: ""}, "x\n<a>\n1\n</a>\ny\n", "x\ny\n"},
		{"plain", Replace{Match: "a.$1", With: "$2\\1", Plain: true}, "a.$1 aa$1", "$2\\1 aa$1"},
		{"bytes", Replace{Match: "b", With: "c"}, "\xff\x00b\xfe", "\xff\x00c\xfe"},
		{"it grows", Replace{Match: "a", With: "aa"}, "x\na", "error: the result would change again at the next call: its line 2 would become 'aaaa'; make match not match what it was replaced with"},
		{"it grows, plain", Replace{Match: "a", With: "aa", Plain: true}, "a", "error: the result would change again at the next call: its line 1 would become 'aaaa'; make match not match what it was replaced with"},
		{"no such group", Replace{Match: "(a)", With: "$2"}, "", "error: with '$2': match has no group '2'; a dollar sign is $$, or set plain"},
		{"no such name", Replace{Match: "(a)", With: "$HOME"}, "", "error: with '$HOME': match has no group 'HOME'; a dollar sign is $$, or set plain"},
		{"a letter behind a group", Replace{Match: "(a)", With: "$1x"}, "", "error: with '$1x': match has no group '1x'; write ${1} where a letter or digit follows; a dollar sign is $$, or set plain"},
		{"a dollar sign", Replace{Match: "(a)", With: "5 $"}, "", "error: with '5 $': match has no group ''; a dollar sign is $$, or set plain"},
		{"a group as sed has it", Replace{Match: "(a)", With: `\1`}, "", `error: with '\\1': groups are written $1, not \1; file.edit takes any bytes`},
		{"a group as Lua's string has it", Replace{Match: "(a)", With: "\x01"}, "", `error: with '\x01': groups are written $1, not \1; file.edit takes any bytes`},
		{"wrong", Replace{Match: "(a"}, "", "error: match '(a': it is no regular expression: missing closing )"},
		{"empty", Replace{}, "", "error: match is empty"},
		{"too large", Replace{Match: "a", With: strings.Repeat("b", 1<<20)}, strings.Repeat("a", 10), "error: the result would have more than 8 MiB"},
		{"too large, of one match", Replace{Match: "(?s).+", With: strings.Repeat("$0-", 4000)}, strings.Repeat("a", 1<<20), "error: the result would have more than 8 MiB"},
		{"too large, plain", Replace{Match: "a", With: strings.Repeat("b", 1<<20), Plain: true}, strings.Repeat("a", 10), "error: the result would have more than 8 MiB"},
		{"too often", Replace{Match: "$", With: "b"}, strings.Repeat("a\n", 100_000), "error: match matches in more than 100000 places"},
	})
}

func TestReplaceProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Replace{
			Match: rapid.SampledFrom([]string{"a", "^a", "b$", "(a|b)+", "x*", `\n`, "a\n", `\s`}).Draw(t, "match"),
			With:  rapid.SampledFrom([]string{"", "c", "c\n", "$0", "<$0>", "cc"}).Draw(t, "with"),
			Plain: rapid.Bool().Draw(t, "plain"),
		}
		text := texts("a", "b", "ab", "x", "\xff").Draw(t, "text")
		after, ok := settled(t, r, text)
		if !ok || r.Plain || strings.Contains(text, "\r") {
			return
		}
		if want := regexp.MustCompile("(?m)"+r.Match).ReplaceAllString(text, r.With); after != want {
			t.Fatalf("%+v of %q: %q, want %q", r, text, after, want)
		}
	})
}

// What is as large as a text may be takes seconds, and not minutes.
func TestReplaceIsBounded(t *testing.T) {
	t.Parallel()
	start := time.Now()
	text := strings.Repeat("0123456789abcdef", MaxText/16-1)
	if got, err := (Replace{Match: "f0", With: "x", Plain: true}).Apply(text); err != nil || len(got) != len(text)-MaxText/16+2 {
		t.Error(len(got), err)
	}
	if got, err := (Replace{Match: `(a|b)+c$`, With: "x"}).Apply(text); err != nil || got != text {
		t.Error(len(got), err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

func FuzzReplace(f *testing.F) {
	f.Add("a\r\nb\r\n", "b$", "c", false)
	f.Add("me@home", `(\w+)@(\w+)`, "$2 at ${1}", false)
	f.Add("a.b", ".", "$", true)
	f.Fuzz(func(t *testing.T, text, match, with string, plain bool) {
		settled(t, Replace{Match: match, With: with, Plain: plain}, text)
	})
}
