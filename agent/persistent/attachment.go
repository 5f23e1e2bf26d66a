package persistent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
)

// attachmentFile, in the state directory, says whether an agent that dials out is attached to a master. Such an agent
// listens on no port, so that a local check that it serves can't connect to it. The agent locks the file for its whole
// life (flock(2)): the content counts only while the lock is held.
const attachmentFile = "attachment"

// maxAttachment limits what is read of the file, in bytes.
const maxAttachment = 16 << 10

// attachment is the content of the file.
type attachment struct {
	Attached bool `json:"attached"`
	// Problem is why the agent is not attached.
	Problem string `json:"problem,omitempty"`
}

// attachmentNote writes the file.
type attachmentNote struct{ file *os.File }

// openAttachment opens and locks the file of a state directory. The caller closes the note.
func openAttachment(dir string) (*attachmentNote, error) {
	file, err := os.OpenFile(filepath.Join(dir, attachmentFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", file.Name(), err), file.Close())
	}
	n := &attachmentNote{file: file}
	if err := n.write(attachment{}); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// write replaces the content of the file. A reader may see a partial write, which it ignores.
func (n *attachmentNote) write(a attachment) error {
	a.Problem = fault.Bound(a.Problem, fault.MaxText)
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if err := n.file.Truncate(0); err != nil {
		return err
	}
	_, err = n.file.WriteAt(data, 0)
	return err
}

func (n *attachmentNote) close() error { return n.file.Close() }

// CheckAttached returns nil if the agent of a state directory runs and is attached to a master.
func CheckAttached(dir string) error {
	file, err := os.Open(filepath.Join(dir, attachmentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return errNotBegun
	}
	if err != nil {
		return fault.Plain(err)
	}
	defer file.Close()
	err = unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if err == nil {
		return errNotBegun
	}
	if !errors.Is(err, unix.EWOULDBLOCK) {
		return fmt.Errorf("look whether it is attached: %w", err)
	}
	data, err := bounded.ReadOpen(file, maxAttachment)
	if err != nil {
		return fault.Plain(err)
	}
	var a attachment
	switch err := json.Unmarshal(data, &a); {
	case err != nil:
		return errNotBegun
	case a.Attached:
		return nil
	case a.Problem == "":
		return ErrNotAttached
	}
	return fmt.Errorf("%w: %s", ErrNotAttached, a.Problem)
}

var (
	errNotBegun    = errors.New("it has not begun")
	ErrNotAttached = errors.New("it is not attached to its master")
)
