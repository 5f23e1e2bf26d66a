package ansible

import (
	"fmt"
	"io"
	"os"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/problems"
)

// maxFile is the size of the largest inventory file, in bytes: 100,000 hosts with 160 bytes each.
const maxFile = 16 << 20

// sourceKind is what a source is, as far as can be told without reading it.
type sourceKind int

const (
	fileSource sourceKind = iota
	directorySource
	programSource
	listSource
)

// kindOf looks at a source. As in Ansible, a text with a comma that names no file is a list of hosts, and a file that may be
// executed is a program.
func kindOf(source string) (sourceKind, error) {
	info, err := os.Stat(source)
	switch {
	case err != nil && strings.Contains(source, ","):
		return listSource, nil
	case err != nil:
		return 0, fmt.Errorf("%s: %w", problems.ShowPath(source), fault.WithoutPath(err))
	case info.IsDir():
		return directorySource, nil
	case info.Mode().IsRegular() && mayExecute(source, info):
		return programSource, nil
	default:
		return fileSource, nil
	}
}

// readFile returns the text of an inventory file, bounded also where its size is not known beforehand, as with a
// pipe from the shell's <(command).
func readFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", problems.ShowPath(path), fault.WithoutPath(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", problems.ShowPath(path), fault.WithoutPath(err))
	}
	if len(data) > maxFile {
		return "", fmt.Errorf("%s: larger than %d MiB", problems.ShowPath(path), maxFile>>20)
	}
	return string(data), nil
}
