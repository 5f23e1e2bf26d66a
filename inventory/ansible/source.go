package ansible

import (
	"fmt"
	"os"
	"strings"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory/problems"
)

// maxFile is the size of the largest inventory file, in bytes: 100,000 hosts with 160 bytes each.
const maxFile = 16 << 20

// sourceKind is the kind of a source, as far as it is known without reading it.
type sourceKind int

const (
	fileSource sourceKind = iota
	directorySource
	programSource
	listSource
)

// kindOf returns the kind of a source. As in Ansible, a text with a comma that is not the name of a file is a list of
// hosts, and an executable file is a program.
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

// readFile returns the text of an inventory file. Its limit also holds where the size is unknown, as with a pipe from
// <(command) in a shell.
func readFile(path string) (string, error) {
	data, err := bounded.ReadFile(path, maxFile)
	if err != nil {
		return "", fmt.Errorf("%s: %w", problems.ShowPath(path), fault.WithoutPath(err))
	}
	return string(data), nil
}
