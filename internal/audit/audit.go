// Package audit keeps a log of who did what. The log is a file with one JSON object in each line. Lines are only
// appended, and a large file is rotated. Refused calls have files of their own.
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
	// DefaultSize is the size at which a file is rotated, in bytes.
	DefaultSize = 8 << 20
	// DefaultKeep is how many rotated files are kept; audit.jsonl.1 is the newest.
	DefaultKeep = 4
)

// Entry is one line of the log.
type Entry struct {
	Time time.Time `json:"time"`
	// Who is the caller's identity: operator anna.
	Who string `json:"who"`
	// From is the caller's address, host:port; "" is this machine.
	From string `json:"from,omitempty"`
	// Did is the method that was called: Revoke.
	Did string `json:"did"`
	// What is the object of the call: agent web-1.
	What string `json:"what,omitempty"`
	// Result is "done", or the reason for a refusal.
	Result string `json:"result"`
	// Count says that the line stands for so many entries since Since, of which it shows the last; 0 means one.
	Count int       `json:"count,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

// Log writes entries to a file. It is safe for concurrent use, and must be closed.
type Log struct {
	path string
	size int64
	keep int

	mu      sync.Mutex
	file    *os.File
	written int64
}

// Open opens the log at path and creates it with mode 0600 if necessary. 0 stands for DefaultSize and DefaultKeep.
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

// Write appends a line. It sets the time of an entry without one.
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
	// One write for the whole line: a process that is killed can't leave half a line.
	n, err := l.file.Write(line)
	l.written += int64(n)
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// rotate renames each file to the next number and drops the last one. The lock is held.
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
	// A file that can't be renamed is appended to: no entry is lost.
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
