package shell

import (
	"os/exec"
	"strings"
	"testing"
)

// readBack is what a real sh makes of a command's words.
func readBack(t *testing.T, words string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "sh", "-c", `printf '%s\n' `+words).Output()
	if err != nil {
		t.Fatalf("sh reads %q: %v", words, err)
	}
	return string(out)
}

func TestWordsComeBack(t *testing.T) {
	t.Parallel()
	words := []string{
		"plain", "", " ", "two words", "it's", `"`, `\`, `'\''`, "$HOME", "$(id)", "`id`", "*", "~", "#", "!", "a\nb", "a\tb", ";", "&", "|",
		"x=1", "-n", "--", "ü", "\xff", "{a,b}", "[a]", "\x1b[2J",
	}
	want := strings.Join(words, "\n") + "\n"
	for name, write := range map[string]func(...string) string{"Quote": Quote, "Type": Type} {
		if got := readBack(t, write(words...)); got != want {
			t.Errorf("%s: sh reads %q, want %q", name, got, want)
		}
	}
	if got := Type("ls", "-l", "/a b"); got != "ls -l '/a b'" {
		t.Errorf("typed: %s", got)
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"", "plain", "it's", `'\''`, "a\nb", "$(id)", "~root", "=ls", "%1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		if strings.ContainsRune(word, 0) || len(word) > 1<<12 {
			return // no argument has it
		}
		if got := readBack(t, Quote(word)+" "+Type(word)); got != word+"\n"+word+"\n" {
			t.Errorf("%q is read as %q", word, got)
		}
	})
}
