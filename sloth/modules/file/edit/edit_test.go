package edit

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// change is what all kinds of changes are.
type change interface{ Apply(string) (string, error) }

// expectation is a text, what becomes of it, or the error, which begins with "error: ".
type expectation struct {
	name   string
	change change
	text   string
	want   string
}

func check(t *testing.T, cases []expectation) {
	t.Helper()
	for _, c := range cases {
		got, err := c.change.Apply(c.text)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != c.want {
			t.Errorf("%s:\n%.400q, want\n%.400q", c.name, got, c.want)
		}
		if err != nil {
			continue
		}
		if again, err := c.change.Apply(got); err != nil || again != got {
			t.Errorf("%s, applied again: %.400q, %v", c.name, again, err)
		}
	}
}

func expression(text string) Expression {
	var e Expression
	if err := e.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return e
}

func text(value string) Text { return Text{value, true} }

// texts are those that the properties are checked with: few words, so that much of it matches, with all kinds of line ends.
func texts(words ...string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words")
		ends := rapid.SliceOfN(rapid.SampledFrom([]string{"\n", "\n", "\n", "\r\n", "\n\n", "", "\r"}), len(parts), len(parts)).Draw(t, "ends")
		var text strings.Builder
		for i, part := range parts {
			text.WriteString(part + ends[i])
		}
		return text.String()
	})
}

// settled fails where a change that was made makes another one when it is made again. It returns what the change makes, and
// whether it could be made.
func settled(t interface {
	Fatalf(string, ...any)
	Helper()
}, c change, text string) (string, bool) {
	t.Helper()
	once, err := c.Apply(text)
	if err != nil {
		return "", false
	}
	if twice, err := c.Apply(once); err != nil || twice != once {
		t.Fatalf("%+v\nof    %q\nonce  %q\ntwice %q, %v", c, text, once, twice, err)
	}
	return once, true
}

// stays fails where lines of a text are not in what became of it, in their order and with their ends. The last one may have got
// an end.
func stays(t interface {
	Fatalf(string, ...any)
	Helper()
}, c change, before, after string, touched func(line string) bool) {
	t.Helper()
	rest := slices.Collect(strings.Lines(after))
	for line := range strings.Lines(before) {
		if touched(strings.TrimRight(line, "\r\n")) {
			continue
		}
		at := slices.IndexFunc(rest, func(have string) bool {
			return have == line || !strings.HasSuffix(line, "\n") && strings.TrimRight(have, "\r\n") == strings.TrimRight(line, "\r\n")
		})
		if at < 0 {
			t.Fatalf("%+v\nof %q\nto %q: the line %q is not there", c, before, after, line)
		}
		rest = rest[at+1:]
	}
}
