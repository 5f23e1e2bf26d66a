package adhoc

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"sloth-runner/internal/shell"
	"sloth-runner/plan"
)

// Copying is what push says of the files that it copies.
type Copying struct {
	// Delete removes what is in a directory of the host and not in the copied one. Exclude leaves names out of directories.
	Delete  bool
	Exclude []string
	// Mode is that of files, and Owner USER, USER:GROUP or :GROUP; "": as they are.
	Mode, Owner string
}

// Push returns the plan that copies files and directories of this machine to hosts. to is a path there: with a slash at its end, or where a
// directory is, they go into it.
func Push(files []string, to string, c Copying) (*plan.Plan, error) {
	if to == "" {
		return nil, errors.New("the destination on the hosts is empty")
	}
	options := map[string]any{"delete": c.Delete, "exclude": words(c.Exclude)}
	if c.Mode != "" {
		options["mode"] = c.Mode
	}
	if owner, group, _ := strings.Cut(c.Owner, ":"); owner != "" || group != "" {
		options["owner"], options["group"] = owner, group
	} else if c.Owner != "" {
		return nil, fmt.Errorf("the owner %q names neither a user nor a group", c.Owner)
	}
	from, offers, err := offered(files)
	if err != nil {
		return nil, err
	}
	options["from"] = words(from)
	if err := text(append(append([]string{to}, from...), c.Exclude...)...); err != nil {
		return nil, err
	}
	p := call("push "+shell.Type(append(append([]string{}, files...), to)...), plan.Call{Function: "push", Arguments: []any{to, options}})
	p.Offers = offers
	return p, nil
}

// offered returns the names by which hosts know files of this machine: the last part of each path. A path that is named twice is copied once.
func offered(files []string) (names []string, offers []plan.Offer, err error) {
	paths := map[string]string{}
	for _, file := range files {
		if file == "" { // the working directory, to package filepath
			return nil, nil, errors.New("the name of a file is empty")
		}
		whole, err := filepath.Abs(file)
		if err != nil {
			return nil, nil, err
		}
		name := filepath.Base(whole)
		if name == "/" {
			return nil, nil, errors.New("all of this machine can't be copied: name a directory")
		}
		switch other, taken := paths[name]; {
		case taken && other != whole:
			return nil, nil, fmt.Errorf("%s and %s would have the same name on the hosts; copy them one after the other", other, whole)
		case !taken:
			paths[name] = whole
			offers = append(offers, plan.Offer{Pattern: name, Path: whole})
			names = append(names, name)
		}
	}
	return names, offers, nil
}

// Pull returns the plan that gets files and directories from hosts.
func Pull(paths, exclude []string) (*plan.Plan, error) {
	if slices.Contains(paths, "") {
		return nil, errors.New("a path on the hosts is empty")
	}
	if err := text(append(append([]string{}, paths...), exclude...)...); err != nil {
		return nil, err
	}
	options := map[string]any{"from": words(paths), "exclude": words(exclude)}
	return call("pull "+shell.Type(paths...), plan.Call{Function: "pull", Arguments: []any{options}}), nil
}

// call is the plan of one call, which is called as what is typed for it.
func call(title string, action plan.Call) *plan.Plan {
	p := single(title, action)
	p.File = p.Groups[0].Tasks[0].Name
	return p
}

func words(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// text checks that names are UTF-8, as all of a plan is.
func text(names ...string) error {
	for _, name := range names {
		if !utf8.ValidString(name) {
			return fmt.Errorf("%q is no UTF-8, and can't be named in a plan; name the directory that it is in", name)
		}
	}
	return nil
}
