package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// List returns the runs in the directory of all records, the newest first. When some records can't be read, it returns
// the others and an error. A directory that does not exist has no runs.
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
		case !errors.Is(err, fs.ErrNotExist): // otherwise another process removed it just now
			errs = append(errs, err)
		}
	}
	return entries, errors.Join(errs...)
}

// runIDs returns the IDs of the runs in dir, the oldest first. A run is a directory (not a link to one) whose name is a
// valid ID and which holds an events.jsonl.
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
