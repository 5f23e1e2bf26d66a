package cli

import (
	"bytes"
	"strings"
	"testing"

	"sloth-runner/cli/command"
)

// Help has the flags of run below their headings, in order, and no line is wider than 80 columns where nothing but words
// stands in it.
func TestHelpHasGroups(t *testing.T) {
	var out bytes.Buffer
	root := newRoot(&command.Streams{Out: &out}, "test")
	root.SetArgs([]string{"run", "--help"})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, flags, found := strings.Cut(out.String(), "\nFlags:\n")
	if !found {
		t.Fatalf("no flags in %s", &out)
	}
	for _, part := range []struct{ heading, flag string }{
		{"Hosts", "--delegate-to HOST"}, {"SSH", "--host-key POLICY"}, {"Become", "--become-user USER"}, {"Output", "--output FORMAT"}, {"Advanced", "--forks N"},
	} {
		before, after, found := strings.Cut(flags, "\n"+part.heading+":\n")
		if !found || strings.Contains(before, part.flag) || !strings.Contains(after, part.flag) {
			t.Errorf("%s does not stand below %s:\n%s", part.flag, part.heading, flags)
		}
		flags = after
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "  --") && len(strings.TrimRight(line, "\n")) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}
