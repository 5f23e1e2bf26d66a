package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
)

// Open finds a run in the directory of all records: by its ID, by the beginning of its ID or of the last part of it when
// that is unique, or as "last" or "latest". Errors are fault.Errors, with the closest IDs in the hint. The error for a
// run that does not exist is an fs.ErrNotExist.
func Open(dir, idOrPrefix string) (*Run, error) {
	ids, err := runIDs(dir)
	if err != nil {
		return nil, fmt.Errorf("look for run %q: %w", idOrPrefix, err)
	}
	if len(ids) == 0 {
		return nil, &fault.Error{
			Err:  notFound(fmt.Sprintf("no run %q: there is no run in %s", idOrPrefix, dir)),
			Hint: "`sloth-runner run -f FILE` makes one",
		}
	}
	if idOrPrefix == "last" || idOrPrefix == "latest" {
		return openRun(dir, ids[len(ids)-1]), nil
	}
	if slices.Contains(ids, idOrPrefix) {
		return openRun(dir, idOrPrefix), nil
	}
	switch found := matches(idOrPrefix, ids); len(found) {
	case 0:
		return nil, &fault.Error{
			Err:  notFound(fmt.Sprintf("no run %q", idOrPrefix)),
			Hint: strings.TrimPrefix(suggestion(closestID(idOrPrefix, ids))+"; `sloth-runner runs list` shows all", "; "),
		}
	case 1:
		return openRun(dir, found[0]), nil
	default:
		return nil, &fault.Error{
			Err:  fmt.Errorf("%d runs begin with %q", len(found), idOrPrefix),
			Hint: suggestion(newest(found)...),
		}
	}
}

func openRun(dir, id string) *Run { return &Run{id: id, dir: filepath.Join(dir, id)} }

func matches(prefix string, ids []string) []string {
	var found []string
	for _, id := range ids {
		if prefix != "" && (strings.HasPrefix(id, prefix) || strings.HasPrefix(idSuffix(id), prefix)) {
			found = append(found, id)
		}
	}
	return found
}

// notFoundError has its own text and is an fs.ErrNotExist.
type notFoundError string

func notFound(text string) error { return notFoundError(text) }

func (e notFoundError) Error() string        { return string(e) }
func (e notFoundError) Is(target error) bool { return errors.Is(target, fs.ErrNotExist) }
