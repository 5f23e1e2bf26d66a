package ansible

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// maxEntries limits the size of an inventory: its lines, and the hosts that ranges expand to.
const maxEntries = 1 << 20

// Read reads the sources of an inventory: files, directories of files, programs, and comma-separated lists of hosts.
// Later sources add to earlier ones and override their variables. A source may use a group that another source defines.
// Without sources the inventory is empty. Programs are killed when ctx ends or when they take too long.
//
// The error is that of ctx, or a *problems.Error with all problems of all sources, each with file and line.
func Read(ctx context.Context, sources []string) (*model.Inventory, error) {
	r := newReader()
	var dirs []string
	for _, source := range sources {
		if dir, ok := r.readSource(ctx, source); ok {
			dirs = append(dirs, dir)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read the inventory: %w", err)
	}
	r.readBeside(dirs)
	return r.finish()
}

// reader fills an inventory from its sources.
type reader struct {
	inv *model.Inventory
	// at is the line that is being read.
	at         problems.Position
	references []reference
	// waiting has the parents of groups that are not defined yet.
	waiting     map[*model.Group][]*model.Group
	entriesLeft int
	problems    problems.List
	// oddNames are the odd names, in the order in which they were found.
	oddNames []model.Odd
}

func newReader() *reader {
	return &reader{inv: model.New(), waiting: map[*model.Group][]*model.Group{}, entriesLeft: maxEntries}
}

// reference is a use of a group that must be defined in one of the sources.
type reference struct {
	group *model.Group
	// parent is the group that has the referenced group as a child; nil in the header of a :vars section.
	parent *model.Group
	at     problems.Position
	// words is the number of words of an unquoted name.
	words int
}

// finish runs the final checks, after all sources were read.
func (r *reader) finish() (*model.Inventory, error) {
	r.link()
	r.noteSharedNames()
	r.warnOdd()
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return r.inv, nil
}

// noteSharedNames warns about names that both a group and a host have.
func (r *reader) noteSharedNames() {
	for _, g := range r.inv.AllGroups() {
		if r.inv.Host(g.Name) != nil {
			r.note(fmt.Sprintf("group %s has the name of a host: by itself the name is the host", problems.Show(g.Name)))
		}
	}
}

// problem adds a problem at the line that is being read.
func (r *reader) problem(format string, args ...any) {
	r.problems.Add(r.at.String() + ": " + fmt.Sprintf(format, args...))
}

// syntax adds the syntax error of a file.
func (r *reader) syntax(file string, err error) {
	r.at = problems.Position{File: file}
	var where *values.SyntaxError
	if errors.As(err, &where) {
		r.at.Line = where.Line
	}
	r.problem("%v", err)
}

// warn adds a warning for something that is skipped in the line that is being read.
func (r *reader) warn(format string, args ...any) {
	r.note(r.at.String() + ": " + fmt.Sprintf(format, args...))
}

// note adds a warning.
func (r *reader) note(text string) {
	r.inv.Warn(text)
}

// readSource reads one source. It returns the directory of the source's group_vars and host_vars, if the source has one.
func (r *reader) readSource(ctx context.Context, source string) (dir string, ok bool) {
	kind, err := kindOf(source)
	switch {
	case err != nil:
		r.problems.Add(err.Error())
		return "", false
	case kind == listSource:
		r.readList(source)
		return "", false
	case kind == directorySource:
		r.readDirectory(ctx, source, 0)
		return source, true
	default:
		r.readOne(ctx, source, kind)
		return filepath.Dir(source), true
	}
}

// readOne reads a file or runs a program.
func (r *reader) readOne(ctx context.Context, path string, kind sourceKind) {
	if kind == programSource && r.readProgram(ctx, path) {
		return
	}
	text, err := readFile(path)
	if err != nil {
		r.problems.Add(err.Error())
		return
	}
	r.inv.WasRead(path, text)
	r.readText(path, text)
}
