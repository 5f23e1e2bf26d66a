package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		want  string
	}{
		{"nothing", nil, ""},
		{"one", []string{"web-1"}, "web-1"},
		{"no numbers", []string{"db", "mail"}, "db, mail"},
		{"a range", []string{"web-1", "web-2", "web-3"}, "web-[1-3]"},
		{"any order", []string{"web-3", "web-1", "web-2"}, "web-[1-3]"},
		{"gaps", []string{"web-1", "web-2", "web-5", "web-7", "web-8"}, "web-[1-2,5,7-8]"},
		{"padded", []string{"web-08", "web-09", "web-10", "web-11"}, "web-[08-11]"},
		{"not padded", []string{"web-8", "web-9", "web-10"}, "web-[8-10]"},
		{"padded past its width", []string{"web-098", "web-099", "web-100", "web-1000"}, "web-[098-100,1000]"},
		{"padded and not", []string{"web-1", "web-01", "web-2"}, "web-[1-2,01]"},
		{"padded never grows", []string{"web-09", "web-9", "web-10", "web-99", "web-100"}, "web-[9,09-10,99-100]"},
		{"zero", []string{"n0", "n1", "n00"}, "n[0-1,00]"},
		{"number in the middle", []string{"web-1.example.com", "web-2.example.com"}, "web-[1-2].example.com"},
		{"the number that differs", []string{"r1-n7", "r2-n7", "r3-n7"}, "r[1-3]-n7"},
		{"two numbers differ", []string{"r1n1", "r1n2", "r2n1", "r2n2"}, "r1n[1-2], r2n[1-2]"},
		{"addresses", []string{"10.0.0.9", "10.0.0.10", "10.0.1.1"}, "10.0.0.[9-10], 10.0.1.1"},
		{"huge", []string{"n99999999999999999999999", "n100000000000000000000000"}, "n[99999999999999999999999-100000000000000000000000]"},
		{"first come first", []string{"b2", "a1", "b1", "a2"}, "b[1-2], a[1-2]"},
		{"twice the same", []string{"a1", "a1"}, "a1"},
		{"own brackets and commas", []string{"a[1-2]", "a[1-3]", "a,1", "a,2"}, "a[1-2], a[1-3], a,1, a,2"},
		{"only numbers", []string{"1", "2", "3"}, "[1-3]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(Fold(test.names), ", "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// What Fold writes means the names that it was given, and each of them once.
func TestFoldExpandsToTheSameSet(t *testing.T) {
	name := rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`[ab-]?(0|00|[0-9]{1,3}|9{1,22}|10{1,22})?[x.]?([0-9]{0,2})`).Draw(t, "name")
	})
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(name).Draw(t, "names")
		var expanded []string
		for _, word := range Fold(names) {
			expanded = append(expanded, expand(t, word)...)
		}
		slices.Sort(expanded)
		want := Distinct(names)
		slices.Sort(want)
		if diff := cmp.Diff(want, expanded); diff != "" {
			t.Fatalf("%v (-want +got):\n%s", Fold(names), diff)
		}
	})
}

func expand(t *rapid.T, word string) []string {
	before, rest, folded := strings.Cut(word, "[")
	if !folded {
		return []string{word}
	}
	ranges, after, _ := strings.Cut(rest, "]")
	var names []string
	for part := range strings.SplitSeq(ranges, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		for number := first; ; number = successor(number) {
			names = append(names, before+number+after)
			if number == last {
				break
			}
			if len(number) > len(last) || len(names) > 100_000 {
				t.Fatalf("%s: the range %s does not end", word, part)
			}
		}
	}
	return names
}

func BenchmarkFold(b *testing.B) {
	var names []string
	for i := range 10_000 {
		names = append(names, fmt.Sprintf("rack%02d-web%05d.example.com", i%40, i))
	}
	for b.Loop() {
		Fold(names)
	}
}
