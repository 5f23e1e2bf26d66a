package adhoc

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
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
	options := map[string]any{"delete": c.Delete, "exclude": words(c.Exclude)}
	if c.Mode != "" {
		options["mode"] = c.Mode
	}
	if owner, group, _ := strings.Cut(c.Owner, ":"); owner != "" || group != "" {
		options["owner"], options["group"] = owner, group
	}
	var from []string
	var offers []plan.Offer
	for i, file := range files {
		// Hosts know each by a name of its own: two may be called the same here.
		whole, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		name := strconv.Itoa(i+1) + "/" + filepath.Base(whole)
		if filepath.Base(whole) == "/" {
			return nil, errors.New("all of this machine can't be copied: name a directory")
		}
		offers = append(offers, plan.Offer{Pattern: name, Path: whole})
		from = append(from, name)
	}
	options["from"] = words(from)
	if err := text(append(append([]string{to}, from...), c.Exclude...)...); err != nil {
		return nil, err
	}
	p := call("push "+shell.Type(append(append([]string{}, files...), to)...), plan.Call{Function: "push", Arguments: []any{to, options}})
	p.Offers = offers
	return p, nil
}

// Pull returns the plan that gets files and directories from hosts.
func Pull(paths, exclude []string) (*plan.Plan, error) {
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
