package overlay

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

const (
	// maxLinks is how many links the system follows in a path, maxPath and maxName how long in bytes a path and a name may be.
	maxLinks, maxPath, maxName = 40, 4096, 255
)

// ending says what becomes of a link at the end of a path.
type ending int

const (
	// follow leads to what the link leads to.
	follow ending = iota
	// stay leads to the link itself, unless a slash follows.
	stay
	// entry leads to the name, whatever follows it.
	entry
)

// place is where a path leads.
type place struct {
	// dir is the directory and name the name in it. dir is nil where the path ends in one of "/", "." and "..", and name is that.
	dir  *node
	name string
	// node is what the name stands for; nil: nothing.
	node *node
	// slash says that the path ends with one.
	slash bool
	// path is the path without links.
	path string
}

// step is a directory on the way, and its path without links.
type step struct {
	node *node
	path string
}

// walker follows a path.
type walker struct {
	files *Files
	ctx   context.Context
	steps []step
	links int
}

// walk follows a path. A name that is missing is an error unless it is the last.
func (f *Files) walk(ctx context.Context, path string, end ending) (place, error) {
	switch {
	case path == "":
		return place{}, syscall.ENOENT
	case strings.IndexByte(path, 0) >= 0:
		return place{}, syscall.EINVAL
	case len(path) >= maxPath:
		return place{}, syscall.ENAMETOOLONG
	}
	w := &walker{files: f, ctx: ctx}
	if err := w.begin(path); err != nil {
		return place{}, err
	}
	return w.run(path, end)
}

// find is walk for what has to be there.
func (f *Files) find(ctx context.Context, path string, end ending) (place, error) {
	p, err := f.walk(ctx, path, end)
	if err == nil && p.node == nil {
		err = syscall.ENOENT
	}
	return p, err
}

// begin is at the root, or in the working directory.
func (w *walker) begin(path string) error {
	start := "."
	if path[0] == '/' {
		start = "/"
	}
	n, err := w.files.onDisk(w.ctx, start)
	w.steps = []step{{n, start}}
	return err
}

func (w *walker) top() step { return w.steps[len(w.steps)-1] }

func (w *walker) run(rest string, end ending) (place, error) {
	last := place{node: w.top().node, name: "/", path: w.top().path}
	for {
		name, after, slash := strings.Cut(strings.TrimLeft(rest, "/"), "/")
		if name == "" {
			return last, nil
		}
		rest = after
		more := strings.Trim(rest, "/") != ""
		if !w.top().node.isDir() {
			return place{}, syscall.ENOTDIR
		}
		var err error
		if last, err = w.step(name); err != nil {
			return place{}, err
		}
		last.slash = slash && !more
		switch n := last.node; {
		case n == nil && more:
			return place{}, syscall.ENOENT
		case n == nil:
			return last, nil
		case n.isLink() && (more || end == follow || end == stay && slash):
			target, err := w.follow(n)
			if err != nil {
				return place{}, err
			}
			if rest = target; slash {
				rest += "/" + after
			}
		case last.dir != nil && (more || n.isDir()):
			w.steps = append(w.steps, step{n, last.path})
		case slash && end != entry && !n.isDir():
			return place{}, syscall.ENOTDIR
		}
	}
}

// step looks at a name in the directory that was reached.
func (w *walker) step(name string) (place, error) {
	f, at := w.files, w.top()
	if name != "." && name != ".." {
		if at.node.own && !f.allowed(at.node.info, toSearch) {
			return place{}, syscall.EACCES
		}
		n, err := f.look(w.ctx, at.node, name)
		return place{dir: at.node, name: name, node: n, path: join(at.path, name)}, err
	}
	if err := f.may(w.ctx, at.node, toSearch); err != nil {
		return place{}, err
	}
	if name == ".." {
		if err := w.up(); err != nil {
			return place{}, err
		}
	}
	return place{node: w.top().node, name: name, path: w.top().path}, nil
}

// up goes to the directory above. Above the working directory, that is on the disk.
func (w *walker) up() error {
	at := w.top()
	switch {
	case len(w.steps) > 1:
		w.steps = w.steps[:len(w.steps)-1]
	case at.path != "/":
		above := ".."
		if at.path != "." {
			above = at.path + "/.."
		}
		n, err := w.files.onDisk(w.ctx, above)
		if err != nil {
			return err
		}
		w.steps[0] = step{n, above}
	}
	return nil
}

// follow returns where a link leads, and goes to the root where that is an absolute path.
func (w *walker) follow(n *node) (string, error) {
	if w.links++; w.links > maxLinks {
		return "", syscall.ELOOP
	}
	target, err := w.files.targetOf(w.ctx, n)
	if err == nil && strings.HasPrefix(target, "/") {
		err = w.begin(target)
	}
	return target, err
}

// targetOf returns what a link has in it.
func (f *Files) targetOf(ctx context.Context, n *node) (string, error) {
	if n.disk == "" {
		return n.target, nil
	}
	target, err := f.disk.Readlink(ctx, n.disk)
	return target, cause(err)
}

// look returns what a name in a directory stands for; nil: nothing.
func (f *Files) look(ctx context.Context, dir *node, name string) (*node, error) {
	n, changed := dir.entries[name]
	switch {
	case len(name) > maxName && dir.disk == "":
		return nil, syscall.ENAMETOOLONG
	case changed || dir.disk == "":
		return n, nil
	}
	n, err := f.onDisk(ctx, join(dir.disk, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == syscall.EACCES && dir.own:
		return nil, f.foretell("would change the mode or owner of " + dir.disk)
	}
	return n, err
}

// onDisk returns the node of what the disk has at a path. The links of /proc are no links: the system knows where they lead.
func (f *Files) onDisk(ctx context.Context, path string) (*node, error) {
	info, err := f.disk.Lstat(ctx, path)
	if err == nil && info.Mode&fs.ModeSymlink != 0 && strings.HasPrefix(path, "/proc/") {
		info, err = f.disk.Stat(ctx, path)
	}
	if err != nil {
		return nil, cause(err)
	}
	if known := f.touched[identity{info.Device, info.Inode}]; known != nil {
		return known, nil
	}
	return &node{info: info, disk: path}, nil
}

// join puts a name behind the path of a directory.
func join(dir, name string) string {
	switch {
	case dir == ".":
		return name
	case strings.HasSuffix(dir, "/"):
		return dir + name
	}
	return dir + "/" + name
}
