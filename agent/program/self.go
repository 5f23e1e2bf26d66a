package program

import (
	"errors"
	"os"
	"path/filepath"
)

// Path is the path of this program's file. Linux tells it in /proc only, which a jail may lack: the line that
// starts an agent names its path in full, as its first word.
func Path() (string, error) {
	path, err := os.Executable()
	if err == nil {
		return path, nil
	}
	return namedPath(os.Args[0], err)
}

// namedPath is the path that a program was started by, or the error where that is none.
func namedPath(word string, err error) (string, error) {
	if !filepath.IsAbs(word) {
		return "", err
	}
	if _, statErr := os.Stat(word); statErr != nil {
		return "", errors.Join(err, statErr)
	}
	return word, nil
}
