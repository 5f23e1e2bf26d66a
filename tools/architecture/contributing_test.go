package architecture

import (
	"os"
	"strings"
	"testing"
)

// TestContributing: the table of CONTRIBUTING.md has each package, in the row of its directory or of the next one above it.
func TestContributing(t *testing.T) {
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{} // by directory
	for line := range strings.Lines(string(text)) {
		if name, row, found := strings.Cut(strings.TrimPrefix(line, "| `"), "/` | "); found && strings.HasPrefix(line, "| `") {
			rows[name] = row
		}
	}
	for _, p := range source(t, "../..") {
		if p.dir == "." || rows[p.dir] != "" {
			continue
		}
		above, name, row := p.dir, "", ""
		for row == "" && above != "" {
			i := max(strings.LastIndexByte(above, '/'), 0)
			above, name = above[:i], strings.TrimPrefix(p.dir[i:], "/")
			row = rows[above]
		}
		if !strings.Contains(row, "`"+name+"`") && !strings.Contains(row, "`"+p.dir+"`") {
			t.Errorf("package %s has no place in CONTRIBUTING.md: expected `%s` in the row of %s/", p.dir, name, above)
		}
	}
}
