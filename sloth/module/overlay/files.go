package overlay

import (
	"errors"
	"io/fs"
	"sync"
	"syscall"
	"time"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
)

// Files are the files of a host as they would be. It is safe for concurrent use.
type Files struct {
	disk oshost.Host
	self oshost.Account
	// notDone is called before a module.NotDone is returned.
	notDone func(module.NotDone)

	// mu is held during each call.
	mu sync.Mutex
	// touched are the nodes of the disk that calls have changed or opened.
	touched map[identity]*node
	// made counts the nodes that are on no disk.
	made uint64
	// held is how many bytes of contents are in memory.
	held int64
}

var _ module.Files = (*Files)(nil)

// New returns the files of the host, none of them changed. notDone is called with each module.NotDone before it is returned, and
// may be nil.
func New(disk oshost.Host, notDone func(module.NotDone)) *Files {
	if notDone == nil {
		notDone = func(module.NotDone) {}
	}
	return &Files{disk: disk, self: oshost.Self(), notDone: notDone, touched: map[identity]*node{}}
}

// identity tells files of the disk apart.
type identity struct{ device, inode uint64 }

// node is what one or more names stand for. Its identity is that of a file: a copy that is not touched is as good as another.
type node struct {
	info module.Info
	// disk is where it is on the disk, without links in the path; "": it is not there.
	disk string
	// own says that the system must not be asked for its permissions: it is not on the disk, or has another mode or owner there.
	own bool
	// entries are the names of a directory that stand for something else than on the disk; nil: for nothing.
	entries map[string]*node
	// target is what a link of the run leads to.
	target string
	// content is that of a regular file, where it is another one than on the disk.
	content *content
}

func (n *node) isDir() bool  { return n.info.Mode.IsDir() }
func (n *node) isLink() bool { return n.info.Mode&fs.ModeSymlink != 0 }

// touch returns the node that stands for the file from now on.
func (f *Files) touch(n *node) *node {
	if n.disk == "" {
		return n
	}
	key := identity{n.info.Device, n.info.Inode}
	if known := f.touched[key]; known != nil {
		return known
	}
	f.touched[key] = n
	return n
}

// enter gives a directory a name; n nil: takes it away.
func (f *Files) enter(dir *node, name string, n *node) {
	dir = f.touch(dir)
	if dir.entries == nil {
		dir.entries = map[string]*node{}
	}
	if n == nil && dir.disk == "" {
		delete(dir.entries, name)
	} else {
		dir.entries[name] = n
	}
	dir.info.Modified = time.Now()
}

// make returns a new node for a name in dir.
func (f *Files) make(dir *node, mode fs.FileMode) *node {
	f.made++
	n := &node{own: true, info: module.Info{
		Mode: mode, UID: f.self.UID, GID: f.groupIn(dir), Modified: time.Now(), Links: 1,
		// No file system has inodes of such numbers.
		Device: dir.info.Device, Inode: 1<<63 + f.made,
	}}
	if mode.IsDir() {
		n.info.Links = 2
	}
	return n
}

// foretell returns the error of a call whose result is not known.
func (f *Files) foretell(would string) error {
	n := module.NotDone{Would: would}
	f.notDone(n)
	return n
}

// cause is what the system says, without the operation and the path.
func cause(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	return err
}

// failed is the error of an operation, as package os has it. Errors that are not of the file stay as they are.
func failed(op, path string, err error) error {
	if _, system := err.(syscall.Errno); system || errors.Is(err, fs.ErrClosed) {
		return &fs.PathError{Op: op, Path: path, Err: err}
	}
	return err
}
