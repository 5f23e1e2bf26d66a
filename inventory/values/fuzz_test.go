package values

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// The value of a literal has a JSON type.
func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{
		"1", "-1", "'a' # b", "[1, (2,), {'a': None}]", `"\x41\u00e9\N{x}\777"`, "1e999", "0x_1", "1_000", `r'\\'`, `b'\xff'`,
		"{1, 2}", "1,", "'''", "((((", "--1", "1if", "Nonesuch", "007", ".", "1j", "{'a'}", "()", "True#", `'\`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		value := Literal(text)
		if _, err := json.Marshal(value); err != nil {
			t.Errorf("%q is %#v: %v", text, value, err)
		}
		if s, ok := value.(string); ok && !utf8.ValidString(s) {
			t.Errorf("%q is %q", text, s)
		}
	})
}

// A text that is quoted for a shell is unquoted to the same text.
func FuzzFields(f *testing.F) {
	for _, seed := range []string{"", "a b", "it's", `say "hi"`, `back\slash`, "#", ";", "\t", "a=b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, quoted := range []string{
			"'" + strings.ReplaceAll(text, "'", `'\''`) + "'",
			`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`,
		} {
			words, err := Fields("h " + quoted + " x # comment")
			if err != nil || len(words) != 3 || words[0] != "h" || words[1] != text || words[2] != "x" {
				t.Errorf("%s gives %q, %v", quoted, words, err)
			}
		}
	})
}
