package testhost

import (
	"os/exec"
	"path/filepath"
	"testing"
)

func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "plain", "two words", "it's", `"$HOME" \ * # ;`, "line\nbreak", "''", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, b := range []byte(text) {
			if b == 0 {
				return // a word of a shell can't contain it
			}
		}
		got, err := exec.Command("/bin/sh", "-c", "printf %s "+quote(text)).Output()
		if err != nil || string(got) != text {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	})
}

// Paths that are several words for a shell or for sshd's own parser.
func TestAwkwardDirectory(t *testing.T) {
	implementations(t, Options{Name: `it's "loud" # $HOME`, Noisy: true}, func(t *testing.T, o Options) {
		o.Dir = filepath.Join(t.TempDir(), "two words")
		h := New(t, o)
		got := run(t, dial(t, h, h.Addr()), `pwd; echo "$SLOTH_TESTHOST"`, "")
		if got.stdout != "Welcome to "+o.Name+"\nyou have new mail\n"+h.Home+"\n"+o.Name+"\n" {
			t.Errorf("%+v", got)
		}
	})
}
