package inventory

import "fmt"

// maxEntries bounds an inventory: its lines, and the further hosts that ranges stand for.
const maxEntries = 1 << 20

// Read reads inventory files in Ansible's INI format. Later files add to earlier ones and override their
// variables, and groups may be used in one file and defined in another. No path gives an empty inventory. The
// error is an *Error that has every problem of every file, each with file and line.
func Read(paths []string) (*Inventory, error) {
	r := newReader()
	for _, path := range paths {
		text, err := readFile(path)
		if err != nil {
			r.problems.add(err.Error())
			continue
		}
		r.inv.sources = append(r.inv.sources, path)
		r.readINI(path, text)
	}
	return r.finish()
}

// reader fills an inventory from files.
type reader struct {
	inv *Inventory
	// at is the line that is being read.
	at          position
	references  []reference
	entriesLeft int
	problems    problems
}

func newReader() *reader { return &reader{inv: newInventory(), entriesLeft: maxEntries} }

// reference is a place where a group is used that must be defined somewhere.
type reference struct {
	group *group
	// parent is the group to which it is a child; nil in the header of a :vars section.
	parent *group
	at     position
}

// finish is called when all files are read.
func (r *reader) finish() (*Inventory, error) {
	r.link()
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return r.inv, nil
}

// problem notes what is wrong with the line that is being read.
func (r *reader) problem(format string, args ...any) {
	r.problems.add(r.at.String() + ": " + fmt.Sprintf(format, args...))
}
