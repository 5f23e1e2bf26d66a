package ansible

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inventoryEnds are the extensions that people give to inventory files. Ansible skips .ini in a directory; readDirectory
// then warns about it.
var inventoryEnds = []string{"", ".yml", ".yaml", ".json", ".toml", ".ini"}

// LooksLikeOne reports whether a directory that the user did not name looks like an inventory. Many programs have a
// source directory called inventory; it must not stop a run that starts next to it. A broken inventory still counts as
// one, so that its errors are reported.
func LooksLikeOne(dir string) bool { return looksLikeOne(dir, 0) }

// looksLikeOne decides by the files of a directory, or by its subdirectories if it has no files.
func looksLikeOne(dir string, level int) bool {
	entries, err := os.ReadDir(dir)
	if err != nil || level == maxLevels {
		return true // the later read reports the error
	}
	var named, others, below []string
	for _, entry := range entries {
		name, path := entry.Name(), filepath.Join(dir, entry.Name())
		end := filepath.Ext(name)
		isNamed := slices.Contains(inventoryEnds, end)
		kind, err := kindOf(path)
		switch {
		case name == "group_vars", name == "host_vars", isNamed && name == "hosts"+end, err == nil && kind == programSource:
			return true
		case err != nil, strings.HasPrefix(name, "."):
		case kind == directorySource:
			below = append(below, path)
		case isNamed:
			named = append(named, path)
		case !isPassedOver(name):
			others = append(others, path)
		}
	}
	switch {
	case len(others) > 0:
		return slices.ContainsFunc(slices.Concat(others, named), isSound)
	case len(named) > 0:
		return true
	}
	return slices.ContainsFunc(below, func(path string) bool { return looksLikeOne(path, level+1) })
}

// isSound reports whether a file can be read as an inventory and has at least one host.
func isSound(path string) bool {
	text, err := readFile(path)
	if err != nil {
		return false
	}
	trial := newReader()
	trial.readText(path, text)
	// Any text can be read as INI with odd names.
	isValues := slices.Contains([]string{".yml", ".yaml", ".json"}, filepath.Ext(path))
	return trial.problems.Count() == 0 && len(trial.inv.AllHosts()) > 0 && (isValues || len(trial.oddNames) == 0)
}
