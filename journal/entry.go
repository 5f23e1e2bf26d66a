package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sloth-runner/runner"
)

// Status tells how far the record of a run goes.
type Status string

// The statuses of a record.
const (
	// Running: its process is at work.
	Running Status = "running"
	// Finished: the run came to its end.
	Finished Status = "finished"
	// CutOff: its process ended before the run did.
	CutOff Status = "cut-off"
	// Damaged: some of its lines can't be read; the rest of the entry is of those that can.
	Damaged Status = "damaged"
)

// Entry is a run in a list.
type Entry struct {
	ID      string    `json:"id"`
	Started time.Time `json:"started"`
	// File is the .sloth file, as the user named it.
	File   string `json:"file"`
	Status Status `json:"status"`
	// Hosts are the numbers of hosts in each state that any host is in.
	Hosts map[runner.State]int `json:"hosts"`
	// Interrupted, ExitStatus and Seconds, which is how long it took, are those of a run that is finished.
	Interrupted bool    `json:"interrupted"`
	ExitStatus  int     `json:"exitStatus"`
	Seconds     float64 `json:"seconds"`
}

// List returns the runs in the directory of all records, the newest first. Where records could not be read at all it
// returns the others, and an error. A directory that is not there has no runs.
func List(dir string) ([]Entry, error) {
	ids, err := runIDs(dir)
	if err != nil {
		return nil, err
	}
	slices.Reverse(ids)
	entries := make([]Entry, 0, len(ids))
	var errs []error
	for _, id := range ids {
		entry, err := (&Run{id: id, dir: filepath.Join(dir, id)}).Entry()
		switch {
		case err == nil:
			entries = append(entries, entry)
		case !errors.Is(err, fs.ErrNotExist): // else another process removed it just now
			errs = append(errs, err)
		}
	}
	return entries, errors.Join(errs...)
}

// runIDs are the runs in dir, the oldest first. A run's directory is a directory, no link to one, has the name of a
// run, and an events.jsonl in it.
func runIDs(dir string) ([]string, error) {
	names, err := os.ReadDir(dir) // sorted
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ids []string
	for _, name := range names {
		if !name.IsDir() || !validID(name.Name()) {
			continue
		}
		events, err := os.Lstat(filepath.Join(dir, name.Name(), eventsFile))
		if err == nil && events.Mode().IsRegular() {
			ids = append(ids, name.Name())
		}
	}
	return ids, nil
}
