package sshconfig

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// maxFile is the size of the largest file that is read, in bytes.
const maxFile = 4 << 20

// file is one file of a configuration.
type file struct {
	path string
	// user says that it is the user's, or the one that was named, and not the system's.
	user  bool
	lines []line
}

// line is a line that says something.
type line struct {
	at position
	// keyword is in lower case, and not an alias.
	keyword, spelled string
	kind             kind
	arguments        []string
	// rest is what follows the keyword as it stands.
	rest string
	// files are those of an Include.
	files []*file
	// conditions are those of a Match.
	conditions []condition
}

// read returns the text of a file. Files that the user's file includes must not be writable by others, as in OpenSSH:
// who can write there could run commands.
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
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	return string(data), err
}
