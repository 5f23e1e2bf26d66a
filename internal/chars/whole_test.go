package chars

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWhole(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, "é": 2, "\xc3": 0, "a\xc3": 1, "€": 3, "a\xe2\x82": 1, "😀": 4, "ab\xf0\x9f\x98": 2,
		"\x80": 1, "\xff": 1, "a\x80\x80\x80\x80\x80": 6, "é\xff": 3,
	} {
		if got := Whole(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
		if got := Whole([]byte(text)); got != want {
			t.Errorf("bytes %q: %d, want %d", text, got, want)
		}
	}
}

// Both parts of valid text are valid, for every cut.
func TestWholeCutsNoCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		at := rapid.IntRange(0, len(text)).Draw(t, "at")
		n := Whole(text[:at])
		if !utf8.ValidString(text[:n]) || !utf8.ValidString(text[n:]) || at-n >= utf8.UTFMax {
			t.Fatalf("%q is cut at %d", text, n)
		}
	})
}
