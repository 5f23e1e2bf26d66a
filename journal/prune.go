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

// Current is a run that begins: its record does not say yet what its kind is. The zero value is none.
type Current struct{ ID, Kind string }

// Prune removes the oldest runs from the directory of all records until keep are left; a negative keep keeps all. Single
// commands are counted apart from all others: of them too, keep are left. A run that is being written stays, and so does
// all that is not a run's directory. No link is followed. What can't be removed is told at the end, and stops nothing.
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

// surplus are the runs beyond the newest keep of their kind. ids has the oldest first.
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

// kind is what was asked for with a run; "" where that can't be read.
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

// removeRun removes the record that nobody writes. events.jsonl goes last: should this process end half-way, what is
// left is still known for a run, and the next Prune takes it.
func removeRun(root *os.Root, id string) error {
	events, err := root.OpenFile(path.Join(id, eventsFile), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	defer events.Close()
	if lock(events) != nil {
		return nil
	}
	for _, name := range []string{hostsDir, summaryFile} {
		if err := root.RemoveAll(path.Join(id, name)); err != nil {
			return err
		}
	}
	return root.RemoveAll(id)
}
