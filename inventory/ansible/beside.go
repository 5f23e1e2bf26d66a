package ansible

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// varsExtensions are the extensions of variable files, in the order in which Ansible tries them. The first file that
// exists is read.
var varsExtensions = []string{"", ".yml", ".yaml", ".json"}

// maxLevels is the maximum depth of nested directories. It ends the walk when a symbolic link leads to a parent
// directory.
const maxLevels = 20

// readBeside reads group_vars and host_vars next to each source, for the groups and hosts of all sources.
func (r *reader) readBeside(dirs []string) {
	known := map[string]model.Beside{}
	for _, dir := range dirs {
		beside, ok := known[dir]
		if !ok {
			var groups, hosts varsDirectory
			groups.read(r, filepath.Join(dir, "group_vars"), slices.Concat(r.inv.Groups(), r.inv.OddGroupNames()))
			hosts.read(r, filepath.Join(dir, "host_vars"), r.inv.Hosts())
			beside = model.Beside{Groups: groups.vars, Hosts: hosts.vars, SealedGroups: groups.sealed, SealedHosts: hosts.sealed}
			known[dir] = beside
		}
		r.inv.AddBeside(beside)
	}
}

// varsDirectory is a group_vars or a host_vars directory.
type varsDirectory struct {
	vars   map[string]model.Vars
	sealed map[string][]string
}

// read reads the variable files of each name in dir. A directory that does not exist has none.
func (d *varsDirectory) read(r *reader, dir string, names []string) {
	d.vars, d.sealed = map[string]model.Vars{}, map[string][]string{}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return
	case err != nil:
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			r.note(problems.ShowPath(dir) + ": is passed over, as it is no directory")
			return
		}
		r.problems.Add(fmt.Sprintf("%s: %v", problems.ShowPath(dir), fault.WithoutPath(err)))
		return
	}
	there := make(map[string]bool, len(entries))
	for _, entry := range entries {
		there[entry.Name()] = true
	}
	for _, name := range names {
		inside := strings.Contains(name, "/") // the name is a path below dir, as for Ansible
		if inside && !isPathBelow(name) {
			continue
		}
		for _, extension := range varsExtensions {
			if !inside && !there[name+extension] {
				continue
			}
			path := filepath.Join(dir, name+extension)
			info, err := os.Stat(path)
			if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
				continue // a broken link, or no such directory below dir
			}
			if err == nil && info.IsDir() {
				d.readAll(r, name, path, 0)
			} else {
				d.readFile(r, name, path)
			}
			break
		}
	}
}

// isPathBelow reports whether name, as a path, stays below its directory and is in its shortest form, so that two
// different names never mean the same path.
func isPathBelow(name string) bool { return filepath.IsLocal(name) && path.Clean(name) == name }

// readAll reads the files of a directory and of its subdirectories, ordered by name.
func (d *varsDirectory) readAll(r *reader, name, dir string, level int) {
	entries, err := os.ReadDir(dir)
	if err == nil && level == maxLevels {
		err = fmt.Errorf("more than %d directories inside each other", maxLevels)
	}
	if err != nil {
		r.problems.Add(fmt.Sprintf("%s: %v", problems.ShowPath(dir), fault.WithoutPath(err)))
		return
	}
	for _, entry := range entries {
		file := entry.Name()
		path, extension := filepath.Join(dir, file), filepath.Ext(file)
		info, err := os.Stat(path)
		switch {
		case strings.HasPrefix(file, ".") || strings.HasSuffix(file, "~") || errors.Is(err, os.ErrNotExist):
		case err == nil && info.IsDir():
			if extension == "" {
				d.readAll(r, name, path, level+1)
			}
		case slices.Contains(varsExtensions, extension):
			d.readFile(r, name, path)
		}
	}
}

// readFile adds the variables of a file to a group or a host.
func (d *varsDirectory) readFile(r *reader, name, path string) {
	text, err := readFile(path)
	if err != nil {
		r.problems.Add(err.Error())
		return
	}
	r.inv.WasRead(path, text)
	r.at = problems.Position{File: path}
	if strings.HasPrefix(text, values.VaultHeader) {
		d.sealed[name] = append(d.sealed[name], path)
		r.note(problems.ShowPath(path) + ": is encrypted with Ansible Vault; its variables are not known here")
		return
	}
	root, err := parseValues(path, text)
	if err != nil {
		r.syntax(path, err)
		return
	}
	if root.IsNull() {
		return
	}
	if root.Kind != values.Map {
		r.at.Line = root.Line
		r.problem("expected a mapping of variables, not %s", root.Kind)
		return
	}
	if d.vars[name] == nil {
		d.vars[name] = model.Vars{}
	}
	for _, p := range root.Pairs {
		if r.isVariable(p) {
			d.vars[name][p.Key] = model.Variable{Data: p.Value.Plain(), At: r.at}
		}
	}
}

// parseValues parses text as JSON, and as YAML if it is not JSON. For a file with the extension json, the error is that
// of the JSON parser.
func parseValues(path, text string) (*values.Node, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	var jsonErr error
	if first := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(first, "{") || strings.HasPrefix(first, "[") {
		root, err := values.ParseJSON(text)
		if err == nil {
			return root, nil
		}
		jsonErr = err
	}
	root, err := values.ParseYAML(text)
	if err != nil && jsonErr != nil && filepath.Ext(path) == ".json" {
		return nil, jsonErr
	}
	return root, err
}
