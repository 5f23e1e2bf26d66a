package reach

import (
	"slices"
	"testing"
)

func TestWithoutSecrets(t *testing.T) {
	words := []string{"exec", "--password-command", "echo a", "--become-password-command=echo b", "web", "--", "x", "--password-command", "c"}
	want := []string{"exec", "--password-command", "...", "--become-password-command=...", "web", "--", "x", "--password-command", "c"}
	if got := withoutSecrets(words); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if words[2] != "echo a" {
		t.Error("the words themselves were changed")
	}
}
