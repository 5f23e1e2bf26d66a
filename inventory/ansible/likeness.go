package ansible

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inventoryEnds are the ends of names that people give to inventory files, .ini among them: Ansible passes that over in a
// directory, and whoever reads the directory says so.
var inventoryEnds = []string{"", ".yml", ".yaml", ".json", ".toml", ".ini"}

// LooksLikeOne reports whether a directory that nobody named may be taken for an inventory. Programs have directories called
// inventory too, full of their source: to read such a one would stop whoever stands beside it. One that looks like an
// inventory and is broken is still one, so that its mistakes are told.
func LooksLikeOne(dir string) bool { return looksLikeOne(dir, 0) }

// looksLikeOne lets the files of a directory decide, and where it has none, those of the directories in it.
func looksLikeOne(dir string, level int) bool {
	entries, err := os.ReadDir(dir)
	if err != nil || level == maxLevels {
		return true // whoever reads it says so
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

// isSound reports whether a file can be read as an inventory, and has something in it.
func isSound(path string) bool {
	text, err := readFile(path)
	if err != nil {
		return false
	}
	trial := newReader()
	trial.readText(path, text)
	// Lines of any text may be read as INI with odd names.
	isValues := slices.Contains([]string{".yml", ".yaml", ".json"}, filepath.Ext(path))
	return trial.problems.Count() == 0 && len(trial.inv.AllHosts()) > 0 && (isValues || len(trial.oddNames) == 0)
}
