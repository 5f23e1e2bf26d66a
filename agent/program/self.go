package program

import (
	"errors"
	"os"
	"path/filepath"
)

// Path returns the path of this program's file. Linux shows it only in /proc, which a jail may lack; then it is the
// first word of the command line, because agents are started by their full path.
func Path() (string, error) {
	path, err := os.Executable()
	if err == nil {
		return path, nil
	}
	return namedPath(os.Args[0], err)
}

// namedPath returns the path that a program was started by, or the error if it is not a full path.
func namedPath(word string, err error) (string, error) {
	if !filepath.IsAbs(word) {
		return "", err
	}
	if _, statErr := os.Stat(word); statErr != nil {
		return "", errors.Join(err, statErr)
	}
	return word, nil
}
