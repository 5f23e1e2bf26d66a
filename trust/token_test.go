package trust

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	token := NewToken(newAuthority(t).Certificate())
	if got, err := ParseToken(" " + token.String() + "\n"); err != nil || got != token {
		t.Errorf("a token does not come back: %v", err)
	}
	text := token.String()
	for _, bad := range []string{"", "sloth1", "sloth2" + text[6:], text + ".x", text + "A", text[:len(text)-1], strings.Replace(text, ".", ".=", 1)} {
		if _, err := ParseToken(bad); err == nil {
			t.Errorf("%q was read", bad)
		} else if strings.Contains(err.Error(), text[8:20]) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

// A token has only one text form.
func FuzzParseToken(f *testing.F) {
	f.Add(NewToken(newAuthority(f).Certificate()).String())
	f.Add("sloth1..")
	f.Fuzz(func(t *testing.T, text string) {
		if token, err := ParseToken(text); err == nil && token.String() != strings.TrimSpace(text) {
			t.Errorf("%q is also written %q", text, token)
		}
	})
}
