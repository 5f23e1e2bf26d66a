package journal

import (
	"errors"
	"path/filepath"

	"sloth-runner/internal/fault"
)

// Dir is the directory of all records: sloth-runner/runs in $XDG_STATE_HOME, or in ~/.local/state where that is not
// set or, as the XDG specification wants it, not absolute. It need not exist yet.
func Dir(getenv func(string) string) (string, error) {
	state := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return "", &fault.Error{
				Err:  errors.New("no directory for the record of runs: neither XDG_STATE_HOME nor HOME is an absolute path"),
				Hint: "set HOME or XDG_STATE_HOME",
			}
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "sloth-runner", "runs"), nil
}
