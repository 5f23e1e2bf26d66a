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

// maxEntries bounds an inventory: its lines, and the further hosts that ranges stand for.
const maxEntries = 1 << 20

// Read reads the sources of an inventory: files, directories of files, programs, and lists of hosts with commas. Later ones
// add to earlier ones and override their variables, and groups may be used in one and defined in another. No source gives an
// empty inventory. Programs are ended with ctx, or when they take too long.
//
// The error is ctx's, or an *Error that has every problem of every source, each with file and line.
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

// reader fills an inventory from files.
type reader struct {
	inv *model.Inventory
	// At is the line that is being read.
	at         problems.Position
	references []reference
	// waiting are the parents of groups that no section has made yet.
	waiting     map[*model.Group][]*model.Group
	entriesLeft int
	problems    problems.List
	// oddNames are the names that were passed over, in their order.
	oddNames []model.Odd
}

func newReader() *reader {
	return &reader{inv: model.New(), waiting: map[*model.Group][]*model.Group{}, entriesLeft: maxEntries}
}

// reference is a place where a group is used that must be defined somewhere.
type reference struct {
	group *model.Group
	// parent is the group to which it is a child; nil in the header of a :vars section.
	parent *model.Group
	at     problems.Position
	// words is how many words the name is written with, where it is written without quotes.
	words int
}

// finish is called when all files are read.
func (r *reader) finish() (*model.Inventory, error) {
	r.link()
	r.noteSharedNames()
	r.tellOdd()
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return r.inv, nil
}

// noteSharedNames warns of names that a group and a host have.
func (r *reader) noteSharedNames() {
	for _, g := range r.inv.AllGroups() {
		if r.inv.Host(g.Name) != nil {
			r.note(fmt.Sprintf("group %s has the name of a host: by itself the name is the host", problems.Show(g.Name)))
		}
	}
}

// problem notes what is wrong with the line that is being read.
func (r *reader) problem(format string, args ...any) {
	r.problems.Add(r.at.String() + ": " + fmt.Sprintf(format, args...))
}

// syntax notes what is wrong with the form of a file.
func (r *reader) syntax(file string, err error) {
	r.at = problems.Position{File: file}
	var where *values.SyntaxError
	if errors.As(err, &where) {
		r.at.Line = where.Line
	}
	r.problem("%v", err)
}

// Warn notes that something in the line that is being read is passed over.
func (r *reader) warn(format string, args ...any) {
	r.note(r.at.String() + ": " + fmt.Sprintf(format, args...))
}

// note adds a warning.
func (r *reader) note(text string) {
	r.inv.Warn(text)
}

// readSource reads one source. The result is the directory whose group_vars and host_vars belong to it, if it has one.
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
