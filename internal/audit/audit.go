// Package audit keeps a log of who did what, for whoever has to find out later: one JSON object a line, in a file that is
// only ever appended to, and that gives way to a new one when it is large. What was refused has files of its own.
package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	// DefaultSize is how large a file may become, in bytes.
	DefaultSize = 8 << 20
	// DefaultKeep is how many older files are kept beside it: audit.jsonl.1 is the newest of them.
	DefaultKeep = 4
)

// Entry is one line.
type Entry struct {
	Time time.Time `json:"time"`
	// Who did it: operator anna.
	Who string `json:"who"`
	// From is where the caller came from, host:port; "": this machine.
	From string `json:"from,omitempty"`
	// Did is what was done, or would have been: Revoke.
	Did string `json:"did"`
	// What it was done to: agent web-1.
	What string `json:"what,omitempty"`
	// Result is "done", or why not.
	Result string `json:"result"`
	// Count says that the line stands for so many since Since, of which it shows the last; 0: for one.
	Count int       `json:"count,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

// Log writes entries. It is safe for concurrent use, and must be closed.
type Log struct {
	path string
	size int64
	keep int

	mu      sync.Mutex
	file    *os.File
	written int64
}

// Open opens the log at path, with mode 0600, and makes it where there is none. 0 stands for DefaultSize and DefaultKeep.
func Open(path string, size int64, keep int) (*Log, error) {
	if size <= 0 {
		size = DefaultSize
	}
	if keep <= 0 {
		keep = DefaultKeep
	}
	l := &Log{path: path, size: size, keep: keep}
	return l, l.open()
}

func (l *Log) open() error {
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open the audit log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("open the audit log: %w", err), file.Close())
	}
	l.file, l.written = file, info.Size()
	return nil
}

// Write appends a line. An entry without a time gets that of now.
func (l *Log) Write(e Entry) error {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	line = append(line, '\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return fmt.Errorf("write the audit log: %w", os.ErrClosed)
	}
	if l.written > 0 && l.written+int64(len(line)) > l.size {
		if err := l.rotate(); err != nil {
			return err
		}
	}
	// One write: a process that is killed leaves no half of two lines in one.
	n, err := l.file.Write(line)
	l.written += int64(n)
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// rotate moves each file one number up, the last one over the edge. The lock is held.
func (l *Log) rotate() error {
	err := l.file.Close()
	l.file = nil
	for n := l.keep; n > 1; n-- {
		if older := os.Rename(l.numbered(n-1), l.numbered(n)); !errors.Is(older, os.ErrNotExist) {
			err = errors.Join(err, older)
		}
	}
	err = errors.Join(err, os.Rename(l.path, l.numbered(1)), l.open())
	if err != nil && l.file == nil {
		return fmt.Errorf("rotate the audit log: %w", err)
	}
	// A file that could not be moved is written to further: that loses least.
	return nil
}

func (l *Log) numbered(n int) string { return l.path + "." + strconv.Itoa(n) }

// Close closes the file. It may be called more than once.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
