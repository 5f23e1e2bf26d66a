package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
)

// Log opens the log of a host, named as in Hosts. The caller closes it. The bytes are the host's, unescaped: see the
// package comment. A host without events has an empty log. For another name the error is an fs.ErrNotExist, and its hint
// has the closest names, or some names of the run.
func (r *Run) Log(host string) (io.ReadCloser, error) {
	file, err := r.open(filepath.Join(hostsDir, hostFile(host)))
	if err == nil {
		return file, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	hosts, err := r.Hosts()
	if err != nil {
		return nil, err
	}
	if slices.Contains(hosts, host) {
		return emptyLog{}, nil
	}
	hint := suggestion(closest.Match(host, hosts))
	if hint == "" && len(hosts) > 0 {
		hint = fmt.Sprintf("it has %s", strings.Join(hosts[:min(len(hosts), maxSuggestions)], ", "))
		if more := len(hosts) - maxSuggestions; more > 0 {
			hint += fmt.Sprintf(" and %d more", more)
		}
	}
	return nil, &fault.Error{Err: notFound(fmt.Sprintf("run %s has no host %q", r.id, host)), Hint: hint}
}

type emptyLog struct{}

func (emptyLog) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyLog) Close() error             { return nil }
