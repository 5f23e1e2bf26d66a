package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// command is the kind of a single command; see proto.Invocation.
const command = "exec"

// Current is a run that begins, whose record does not contain its kind yet. The zero value is no run.
type Current struct{ ID, Kind string }

// Prune removes the oldest runs from the directory of all records until keep are left; a negative keep removes nothing.
// Single commands and other runs are counted separately: keep are left of each. Prune never removes a run that is being
// written, nor anything that is not a run's directory. It follows no links. It goes on after an error, and returns all
// errors at the end.
func Prune(dir string, keep int, current Current) error {
	if keep < 0 {
		return nil
	}
	ids, err := runIDs(dir)
	if err != nil {
		return fmt.Errorf("remove old runs: %w", err)
	}
	if len(ids) <= keep {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("remove old runs: %w", err)
	}
	defer root.Close()
	var errs []error
	for _, id := range surplus(dir, ids, keep, current) {
		if err := removeRun(root, id); err != nil {
			errs = append(errs, fmt.Errorf("remove run %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

// surplus returns the runs beyond the newest keep of their kind. ids has the oldest first.
func surplus(dir string, ids []string, keep int, current Current) []string {
	var old []string
	commands, others := 0, 0
	for i := len(ids) - 1; i >= 0; i-- {
		kept := &others
		if current.kind(openRun(dir, ids[i])) == command {
			kept = &commands
		}
		if *kept++; *kept > keep {
			old = append(old, ids[i])
		}
	}
	return old
}

// kind returns the kind of command of a run; "" when it can't be read.
func (c Current) kind(r *Run) string {
	if r.ID() == c.ID {
		return c.Kind
	}
	kind, err := r.Kind()
	if err != nil {
		return ""
	}
	return kind
}

// removeRun removes a record that no process is writing. events.jsonl is removed last: if this process ends half-way, the
// rest is still recognised as a run, and the next Prune removes it.
func removeRun(root *os.Root, id string) error {
	events, err := root.OpenFile(path.Join(id, eventsFile), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another process has removed it
	}
	if err != nil {
		return err
	}
	defer events.Close()
	if lock(events) != nil {
		return nil
	}
	for _, name := range []string{hostsDir, filesDir, summaryFile} {
		if err := root.RemoveAll(path.Join(id, name)); err != nil {
			return err
		}
	}
	return root.RemoveAll(id)
}
