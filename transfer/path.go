package transfer

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/internal/fault"
)

const (
	// MaxPath bounds a path, as Linux does.
	MaxPath = 4096
	// maxName bounds each part of it, as most file systems do.
	maxName = 255
)

// CheckPath says why path can't be a relative path with slashes, whose parts are names. Names may have any bytes that Unix allows, UTF-8 or
// not. The path "." is refused as well.
func CheckPath(path string) error {
	switch {
	case path == "":
		return errors.New("the path is empty")
	case len(path) > MaxPath:
		return fmt.Errorf("the path has %d bytes, more than %d", len(path), MaxPath)
	case strings.HasPrefix(path, "/"):
		return fmt.Errorf("%s is absolute", Quote(path))
	case strings.ContainsRune(path, 0):
		return fmt.Errorf("%s has a NUL byte", Quote(path))
	}
	for name := range strings.SplitSeq(path, "/") {
		switch {
		case name == "" || name == "." || name == "..":
			return fmt.Errorf("%s has the part %q", Quote(path), name)
		case len(name) > maxName:
			return fmt.Errorf("%s has a name of %d bytes, more than %d", Quote(path), len(name), maxName)
		}
	}
	return nil
}

// maxQuoted bounds a path in a message.
const maxQuoted = 512

// Quote makes a path from the other end fit for a message: escaped and bounded.
func Quote(path string) string {
	return fault.Bound(fmt.Sprintf("%q", path[:min(len(path), maxQuoted)]), 2*maxQuoted)
}
