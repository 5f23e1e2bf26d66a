package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sloth-runner/internal/atomicfile"
)

// longestName is the maximum length of a file name, in bytes: NAME_MAX on all systems that agents run on.
const longestName = 255

// writeUnit writes the file that describes a service to its manager.
func writeUnit(path, text string, mode fs.FileMode) error {
	if len(filepath.Base(path)) > longestName {
		return errors.New("the agent's name is too long for that of a service")
	}
	// Other services use the directory too.
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("describe the service: %w", err)
	}
	if err := atomicfile.Write(path, []byte(text), mode); err != nil {
		return fmt.Errorf("describe the service: %w", err)
	}
	return nil
}

// removeUnit removes the file. A missing file is not an error.
func removeUnit(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the service: %w", err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// checkPath returns an error for a path that the files of managers can't contain.
func checkPath(path string) error {
	if !filepath.IsAbs(path) || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
		return fmt.Errorf("%q can't stand in the description of a service", path)
	}
	return nil
}
