package offer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"

	"sloth-runner/internal/fault"
	"sloth-runner/transfer"
)

// Roots are the files and directories that a run offers. It is filled before it is used, and then safe for concurrent use.
type Roots struct {
	roots []root
}

// root is one directory, or one file in it.
type root struct {
	// name is the path by which hosts know it; "": what is below it is known by its path there.
	name string
	// dir is opened for each request: tasks on the operator's machine may make it meanwhile.
	dir string
	// file is the only file that is offered, under name; "": what is below dir is.
	file string
	// patterns say what of dir is offered; none: all.
	patterns []string
}

// AddDir offers the directory dir under a name; with patterns only what matches one of them, or is below a directory that does.
// They are relative to dir, and may have **. The directory need not be there yet. Without a name hosts know what is offered by its path
// below dir.
func (r *Roots) AddDir(name, dir string, patterns ...string) error {
	for _, pattern := range patterns {
		if !doublestar.ValidatePattern(pattern) {
			return fmt.Errorf("the pattern %q is not complete", pattern)
		}
	}
	if name == "" {
		r.roots = append(r.roots, root{dir: dir, patterns: patterns})
		return nil
	}
	return r.add(root{name: name, dir: dir, patterns: patterns})
}

// AddFile offers one file under a name.
func (r *Roots) AddFile(name, file string) error {
	return r.add(root{name: name, dir: filepath.Dir(file), file: filepath.Base(file)})
}

// AddPath offers what is at a path under a name: a file, or a directory with all that is in it.
func (r *Roots) AddPath(name, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return r.AddDir(name, path)
	}
	return r.AddFile(name, path)
}

func (r *Roots) add(added root) error {
	if err := transfer.CheckPath(added.name); err != nil {
		return fmt.Errorf("offer %s: %w", added.dir, err)
	}
	r.roots = append(r.roots, added)
	return nil
}

// place is a path below an open root.
type place struct {
	root
	open *os.Root
	// rel is the path below it; "." is the root itself.
	rel string
}

// find opens the root that a path of a host is below. It must be closed.
func (r *Roots) find(asked string) (*place, error) {
	if err := transfer.CheckPath(asked); err != nil {
		return nil, notOffered(err.Error())
	}
	var best *root
	for i := range r.roots {
		candidate := &r.roots[i]
		if candidate.holds(asked) && (best == nil || len(candidate.name) > len(best.name)) {
			best = candidate
		}
	}
	if best == nil {
		return nil, notOffered(transfer.Quote(asked) + " is not among what this run offers")
	}
	open, err := os.OpenRoot(best.dir)
	if err != nil {
		return nil, plain(asked, err)
	}
	return &place{root: *best, open: open, rel: best.below(asked)}, nil
}

// holds reports whether the root has the path, or a part of what is below it.
func (r *root) holds(asked string) bool {
	if r.file != "" {
		return asked == r.name
	}
	rest, found := strings.CutPrefix(asked, r.name)
	if r.name == "" {
		return true
	}
	if !found || rest != "" && rest[0] != '/' {
		return false
	}
	return true
}

func (r *root) below(asked string) string {
	if r.file != "" {
		return r.file
	}
	if rest := strings.TrimPrefix(strings.TrimPrefix(asked, r.name), "/"); rest != "" {
		return rest
	}
	return "."
}

// offers reports whether what has this path below the root is offered itself.
func (r *root) offers(rel string) bool {
	if len(r.patterns) == 0 || r.file != "" {
		return true
	}
	for part := rel; part != "."; part = path.Dir(part) {
		for _, pattern := range r.patterns {
			if doublestar.MatchUnvalidated(pattern, part) {
				return true
			}
		}
	}
	return false
}

func (p *place) close() { _ = p.open.Close() }

// file opens the file at a path below the root. A named pipe would wait for its writer: the flag has it open at once.
func (p *place) file(asked, rel string) (*os.File, fs.FileInfo, error) {
	if !p.offers(rel) {
		// A directory of which a part is offered can be listed.
		if info, err := p.open.Stat(rel); err == nil && info.IsDir() {
			return nil, nil, isDirectory(asked)
		}
		return nil, nil, notOffered(transfer.Quote(asked) + " is not among what this run offers")
	}
	file, err := p.open.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, plain(asked, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		_ = file.Close()
		return nil, nil, isDirectory(asked)
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is %s, and no file", transfer.Quote(asked), kindOf(info.Mode()))
	}
	if err != nil {
		_ = file.Close()
		return nil, nil, plain(asked, err)
	}
	return file, info, nil
}

// isDirectory is the error of a directory that is read as a file.
func isDirectory(asked string) error {
	return fmt.Errorf("%s on the operator's machine: %w", transfer.Quote(asked), syscall.EISDIR)
}

// notOffered is the error of a path that no host gets.
func notOffered(why string) error {
	return &fault.Error{
		Err:  errors.New(why),
		Hint: "put it below files/ or templates/ beside the .sloth file, or name it there with offer{ … }",
	}
}

// plain is an error without the operator's own paths, which are none of the host's business.
func plain(asked string, err error) error {
	var of *fs.PathError
	if !errors.As(err, &of) {
		return err
	}
	if of.Err.Error() == "path escapes from parent" { // package os exports no error for it
		return notOffered(transfer.Quote(asked) + " leaves what this run offers, through a link")
	}
	return fmt.Errorf("%s on the operator's machine: %w", transfer.Quote(asked), of.Err)
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
