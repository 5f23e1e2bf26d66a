package layout

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "plain ~ text", "plain ~ text"},
		{"tab stays", "a\tb", "a\tb"},
		{"other scripts", "naïve 漢字 עברית 👩‍💻 é", "naïve 漢字 עברית 👩‍💻 é"},
		{"colour", "\x1b[1;31mred\x1b[0m", "red"},
		{"cursor movement", "a\x1b[2J\x1b[10;10Hb", "ab"},
		{"private mode", "\x1b[?25lx", "x"},
		{"sequence that does not end", "\x1b[31", `\x1b[31`},
		{"sequence that a removal could make", "\x1b\x1b[0m[31mx", `\x1b[31mx`},
		{"title", "\x1b]0;title\x07", `\x1b]0;title\x07`},
		{"other escape", "\x1bc", `\x1bc`},
		{"C1 as UTF-8", "\u009b31m", `\u009b31m`},
		{"C1 as a byte", "\x9b31m", `\x9b31m`},
		{"line ends", "a\r\nb\vc\fd\u2028e\u2029f\u0085g", `a\r\nb\x0bc\x0cd\u2028e\u2029f\u0085g`},
		{"backspace, bell, nul, delete", "a\bb\a\x00\x7f", `a\bb\x07\x00\x7f`},
		{"direction", "a\u202egnp.exe\u2066\u200f", `a\u202egnp.exe\u2066\u200f`},
		{"invisible", "a\u200bb\u00adc\ufeffd\u2060e", `a\u200bb\u00adc\ufeffd\u2060e`},
		{"invisible beyond 16 bits", "a\U000e0041", `a\U000e0041`},
		{"visible format character", "\u0600", "\u0600"},
		{"Latin-1", "caf\xe9", `caf\xe9`},
		{"replacement character", "\ufffd", "\ufffd"},
		{"half a character", "\xe2\x82", `\xe2\x82`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Escape(test.text); got != test.want {
				t.Errorf("Escape(%q) = %q, want %q", test.text, got, test.want)
			}
			if got := Escape([]byte(test.text)); got != test.want {
				t.Errorf("Escape([]byte(%q)) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"plain", "\x1b[31mred", "\x1b]0;t\a", "\u009bA", "\x9b", "\u202e", "a\tb\r\n", "\xff\xfe", "👩‍💻"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		safe := Escape(text)
		if !utf8.ValidString(safe) {
			t.Errorf("%q: not UTF-8: %q", text, safe)
		}
		if at := strings.IndexFunc(safe, func(r rune) bool { return !Harmless(r) }); at >= 0 {
			t.Errorf("%q: let through %q", text, safe[at:])
		}
		if again := Escape(safe); again != safe {
			t.Errorf("%q: not stable: %q, then %q", text, safe, again)
		}
	})
}
