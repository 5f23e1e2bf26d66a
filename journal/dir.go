package journal

import (
	"fmt"

	"sloth-runner/internal/xdg"
)

// Dir returns the directory of all records: sloth-runner/runs in $XDG_STATE_HOME, or in ~/.local/state. It may not exist
// yet.
func Dir(getenv func(string) string) (string, error) {
	dir, err := xdg.State(getenv, "sloth-runner", "runs")
	if err != nil {
		return "", fmt.Errorf("no directory for the record of runs: %w", err)
	}
	return dir, nil
}
