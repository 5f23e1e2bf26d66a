package journal

import (
	"path/filepath"
	"strings"

	"sloth-runner/runner/state"
)

// AgainFile returns the path of again.txt. After the run it holds the names of the hosts that did not succeed, and of
// those that their tasks wait for, one a line, for use as @FILE. Without such hosts the file does not exist.
func (r *Record) AgainFile() string { return filepath.Join(r.path, againFile) }

// writeAgain writes AgainFile.
func (r *Record) writeAgain() error {
	result := &r.run
	var hosts []string
	for _, host := range result.Hosts {
		if host.State != state.Success {
			hosts = append(hosts, host.Name)
		}
	}
	if len(hosts) == 0 {
		return nil
	}
	var names strings.Builder
	for _, host := range append(hosts, result.WaitedFor(hosts)...) {
		names.WriteString(strings.ReplaceAll(host, "\n", " ") + "\n")
	}
	return r.dir.WriteFile(againFile, []byte(names.String()), 0o600)
}
