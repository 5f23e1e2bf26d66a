package program

import (
	"fmt"
	"os"
	"testing"
)

// TestSelfWithoutProc: without /proc, the path that the agent was started by is used.
func TestSelfWithoutProc(t *testing.T) {
	unknown := fmt.Errorf("no /proc")
	real, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if path, err := namedPath(real, unknown); err != nil || path != real {
		t.Errorf("the path is %q, %v", path, err)
	}
	for _, word := range []string{"sloth-runner", "./sloth-runner", "/nonexistent/agent"} {
		if path, err := namedPath(word, unknown); err == nil {
			t.Errorf("%s was taken for %s", word, path)
		}
	}
}
