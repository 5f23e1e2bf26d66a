package glob

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("ab.*?")), 0, 8, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab.")), 0, 8, -1).Draw(t, "text")
		expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		if want := regexp.MustCompile("^" + expression + "$").MatchString(text); Match(pattern, text) != want {
			t.Fatalf("%q matches %q: want %v", pattern, text, want)
		}
	})
}

// A host may send a certificate with any pattern, so no pattern may take long.
func TestMatchOfManyStars(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 1<<12)
	if Match(strings.Repeat("*a", 1<<12)+"b", text) || !Match(strings.Repeat("*a", 1<<11)+"*", text) {
		t.Error("patterns of many stars match wrongly")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("web-??", "web-01")
	f.Add("*a*a*a*a*a*a*c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaab")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if Match(pattern, text) && !strings.ContainsAny(pattern, "*?") && text != pattern {
			t.Errorf("%q fits %q", pattern, text)
		}
		if !Match(text+"*", text) || !Match("*"+text, text) || !Match(strings.Repeat("?", len(text)), text) {
			t.Errorf("%q does not fit its own patterns", text)
		}
	})
}
