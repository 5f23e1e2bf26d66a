package ansible

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// passedOver are the file name endings that Ansible skips in a directory: REJECT_EXTS in its constants.py, and the
// default of INVENTORY_IGNORE_EXTS.
var passedOver = []string{
	".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".ini", ".cfg", ".retry",
}

func isPassedOver(name string) bool {
	return slices.ContainsFunc(passedOver, func(end string) bool { return strings.HasSuffix(name, end) })
}

// readDirectory reads the files of a directory and of its subdirectories, ordered by name. A directory without a file to
// read is a problem.
func (r *reader) readDirectory(ctx context.Context, dir string, level int) {
	entries, err := os.ReadDir(dir)
	if err == nil && level == maxLevels {
		err = fmt.Errorf("more than %d directories inside each other", maxLevels)
	}
	if err != nil {
		r.problems.Add(fmt.Sprintf("%s: %v", problems.ShowPath(dir), fault.WithoutPath(err)))
		return
	}
	read, ignored := 0, ""
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") || name == "group_vars" || name == "host_vars" || name == "vars_plugins" {
			continue
		}
		if isPassedOver(name) {
			ignored = name
			r.inv.SkipFile(filepath.Join(dir, name))
			continue
		}
		read++
		path := filepath.Join(dir, name)
		kind, err := kindOf(path)
		switch {
		case err != nil:
			r.problems.Add(err.Error())
		case kind == directorySource:
			r.readDirectory(ctx, path, level+1)
		case kind == listSource:
			r.problems.Add(problems.ShowPath(path) + ": no such file or directory")
		default:
			r.readOne(ctx, path, kind)
		}
	}
	if read == 0 && level == 0 {
		r.noFiles(dir, ignored)
	}
}

// noFiles adds the problem that a directory has no inventory file, and names a skipped file that looks like one.
func (r *reader) noFiles(dir, ignored string) {
	if ignored == "" {
		r.problems.Add(problems.ShowPath(dir) + ": expected a directory with inventory files in it")
		return
	}
	r.problems.Add(fmt.Sprintf("%s: expected a directory with inventory files in it; %s is passed over for the end of its name, "+
		"as in Ansible", problems.ShowPath(dir), problems.Show(ignored)))
	r.problems.Hint("name the file itself, or rename it")
}

// readList reads a list of hosts that are separated by commas.
func (r *reader) readList(list string) {
	r.at = problems.Position{File: "-i " + list}
	if len(r.at.File) > naming.MaxWord {
		r.at.File = "-i"
	}
	for text := range strings.SplitSeq(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if r.entriesLeft--; r.entriesLeft < 0 {
			r.problem("more than %d entries in one inventory", maxEntries)
			return
		}
		r.addHosts(r.inv.Group(model.Ungrouped), text, nil)
	}
}
