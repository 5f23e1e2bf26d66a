package agent

import (
	"strings"
	"testing"

	"sloth-runner/agent/process"
)

func TestTailIsWholeLines(t *testing.T) {
	long := strings.Repeat("x", process.TailSize-6)
	for text, want := range map[string]string{
		"":                                      "",
		"one\ntwo\n\n":                          "one\ntwo",
		"cut\nfirst\n" + long + "\nz":           long + "\nz",
		strings.Repeat("y", process.TailSize+9): strings.Repeat("y", process.TailSize),
	} {
		if got := string(tail([]byte(text))); got != want {
			t.Errorf("tail of %d bytes: %d bytes, want %d", len(text), len(got), len(want))
		}
	}
}
