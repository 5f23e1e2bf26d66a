package journal

import (
	"path/filepath"
	"strings"

	"sloth-runner/runner"
)

// AgainFile is a file of the record that, once the run has finished, has the names of the hosts that did not succeed, one a
// line, to be given as @FILE. It is there when there are such hosts.
func (r *Record) AgainFile() string { return filepath.Join(r.path, againFile) }

// writeAgain writes AgainFile.
func (r *Record) writeAgain() error {
	var names strings.Builder
	for _, host := range r.tally.result.Hosts {
		if host.State != runner.Success {
			names.WriteString(strings.ReplaceAll(host.Name, "\n", " ") + "\n")
		}
	}
	if names.Len() == 0 {
		return nil
	}
	return r.dir.WriteFile(againFile, []byte(names.String()), 0o600)
}
