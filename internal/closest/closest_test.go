package closest

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	known := []string{"web-1", "web-2", "db-primary", "depends_on", "delegate_to", "Straße", "é"}
	for _, c := range []struct{ word, want string }{
		{"web-11", "web-1"},
		{"wbe-2", "web-2"}, // swapped
		{"WEB-2", "web-2"}, // case
		{"web-3", "web-1"}, // equally similar: the first
		{"db-primery", "db-primary"},
		{"dbprimry", "db-primary"},
		{"depend_on", "depends_on"},
		{"depnds-onn", "depends_on"},
		{"strasse", "Straße"},
		{"kubernetes", ""},
		{"w", ""},
		{"", ""},
		{"e", ""},
		{strings.Repeat("x", 1<<20), ""},
	} {
		if got := Match(c.word, known); got != c.want {
			t.Errorf("Match(%.20q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestMatchNothingKnown(t *testing.T) {
	if got := Match("web", nil); got != "" {
		t.Errorf("got %q", got)
	}
}

// A name of two characters is not similar to one that is two edits away.
func TestMatchNeedsSomethingInCommon(t *testing.T) {
	if got := Match("db", []string{"x", "xy", "dba"}); got != "dba" {
		t.Errorf("got %q, want dba", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "acb", 1},
		{"ca", "abc", 3}, // not 2: no letter is edited twice
		{"kitten", "sitting", 3}, {"flaw", "lawn", 2},
	} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("web", "wbe")
	f.Add("\xff", "é")
	f.Fuzz(func(t *testing.T, word, name string) {
		if len(word)+len(name) > 2*maxLength {
			return // longer than what is ever compared
		}
		got := Match(word, []string{name})
		if got != "" && got != name {
			t.Errorf("Match(%q, %q) = %q", word, name, got)
		}
		if distance([]rune(name), []rune(word)) != distance([]rune(word), []rune(name)) {
			t.Errorf("distance of %q and %q depends on their order", word, name)
		}
	})
}
