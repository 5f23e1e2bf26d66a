package inventory

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFile is the size of the largest inventory file, in bytes: 100,000 hosts with 160 bytes each.
const maxFile = 16 << 20

// readFile returns the text of an inventory file, bounded also where its size is not known beforehand, as with a
// pipe from the shell's <(command).
func readFile(path string) (string, error) {
	if extension := strings.ToLower(filepath.Ext(path)); extension == ".yml" || extension == ".yaml" || extension == ".json" {
		return "", fmt.Errorf("%s: expected an inventory in INI format, not %s", showPath(path), extension[1:])
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", showPath(path), plain(err))
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return "", fmt.Errorf("%s: expected an inventory file, not a directory", showPath(path))
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", showPath(path), plain(err))
	}
	if len(data) > maxFile {
		return "", fmt.Errorf("%s: larger than %d MiB", showPath(path), maxFile>>20)
	}
	return string(data), nil
}

// plain takes the operation and the path off an error of package os: the message has the path already.
func plain(err error) error {
	var inPath *os.PathError
	if errors.As(err, &inPath) {
		return inPath.Err
	}
	return err
}
