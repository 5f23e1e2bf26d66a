package sshconfig

import (
	"errors"
	"os"

	"sloth-runner/internal/bounded"
)

// maxFile limits the size of a file, in bytes.
const maxFile = 4 << 20

// file is one file of a configuration.
type file struct {
	path string
	// user says that it is the user's file, or the one given with -F, and not the system's.
	user  bool
	lines []line
}

// line is a line with a keyword.
type line struct {
	at position
	// keyword is in lower case, and not an alias.
	keyword, spelled string
	kind             kind
	arguments        []string
	// rest is the text after the keyword, unchanged.
	rest string
	// files are the files of an Include.
	files []*file
	// conditions are the conditions of a Match.
	conditions []condition
}

// read returns the text of a file. With private, the file must not be writable by other users, as in OpenSSH: they
// could add commands to it.
func read(path string, private bool) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", errors.New("expected a file, not a directory")
	}
	if private {
		if err := checkPrivate(info); err != nil {
			return "", err
		}
	}
	data, err := bounded.ReadOpen(f, maxFile)
	return string(data), err
}
