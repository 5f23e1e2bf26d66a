package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// maxList is the maximum size of a file with a list of hosts, in bytes.
const maxList = 4 << 20

// readList reads the file of @file: one pattern per line; a comment begins with # and ends with the line.
func readList(path string) ([]string, error) {
	if path == "" {
		return nil, fmt.Errorf("expected the name of a file after @")
	}
	data, err := bounded.ReadFile(path, maxList)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", problems.ShowPath(path), fault.WithoutPath(err))
	case !utf8.Valid(data):
		return nil, fmt.Errorf("%s: expected text in UTF-8", problems.ShowPath(path))
	}
	var lines []string
	at := problems.Position{File: path}
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		at.Line++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if strings.ContainsFunc(line, naming.IsControl) {
			return nil, fmt.Errorf("%s: expected a pattern without control characters", at)
		}
		if strings.HasPrefix(newTerm(line).text, "@") {
			return nil, fmt.Errorf("%s: a list of hosts can't name another", at)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: expected a host or a pattern a line, and found none", problems.ShowPath(path))
	}
	return lines, nil
}
