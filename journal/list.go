package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

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
