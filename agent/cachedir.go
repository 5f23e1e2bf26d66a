package agent

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sloth-runner/agent/program"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
	"sloth-runner/transfer/store"
)

// cacheDir is the cache for files that come from the operator, in a directory of this account.
type cacheDir struct {
	store *store.Store
	// temporary is the directory, when it goes with the session; "": it stays.
	temporary string
}

// close removes what is not whole, or all.
func (c *cacheDir) close() error {
	err := c.store.Close()
	if c.temporary != "" {
		err = errors.Join(err, os.RemoveAll(c.temporary))
	}
	return err
}

// filesName is the name of the directory in a cache.
const filesName = "files"

// openCache opens the cache in the first place where that works: beside the agent, when that is cached by this account; in the account's
// own cache; and for accounts without one, or where nothing is to stay, in a directory that goes with the session.
func openCache(passing bool) (*cacheDir, error) {
	var tried []string
	note := func(place string, err error) { tried = append(tried, place+" ("+fault.Plain(err).Error()+")") }
	places := cachePlaces()
	if passing {
		places = nil
	}
	for _, dir := range places {
		made, err := store.Open(dir, store.DefaultLimit)
		if err == nil {
			return &cacheDir{store: made}, nil
		}
		note(dir, err)
	}
	for _, place := range []string{os.TempDir(), "/var/tmp", "/dev/shm"} {
		dir, err := program.SafeDir(place)
		if err == nil {
			dir, err = os.MkdirTemp(dir, scriptPrefix) // its mode is 0700, and a cache's sweep knows its name
		}
		if err == nil {
			made, openErr := store.Open(dir, store.DefaultLimit)
			if openErr == nil {
				return &cacheDir{store: made, temporary: dir}, nil
			}
			err = errors.Join(openErr, os.RemoveAll(dir))
		}
		note(place, err)
	}
	return nil, fmt.Errorf("no place for files that come from the operator; tried %s", strings.Join(tried, ", "))
}

// cachePlaces are the directories for a cache that stays, the best first.
func cachePlaces() []string {
	var places []string
	if self, err := program.Path(); err == nil && isCached(filepath.Base(self)) && isOurs(filepath.Dir(self)) {
		places = append(places, filepath.Join(filepath.Dir(self), filesName))
	}
	if own, err := xdg.Cache(os.Getenv, "sloth-runner", filesName); err == nil {
		places = append(places, own)
	}
	return places
}
