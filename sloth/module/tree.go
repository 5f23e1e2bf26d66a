package module

import (
	"context"
	"io/fs"
)

// Tree is an open directory with all below it. It stays the directory that was opened, whatever takes its name meanwhile. Names are
// those of paths relative to it, without "..", and "." is the directory itself. No symbolic link is followed, neither at the end of a
// name nor on the way: an account that may write into the tree can't lead a call out of it.
type Tree interface {
	// Entries returns what is in a directory of the tree, in the order of the names. What goes away meanwhile is left out.
	Entries(ctx context.Context, name string) ([]Entry, error)
	// Lstat describes what a name itself is.
	Lstat(ctx context.Context, name string) (Info, error)
	// Chmod changes a mode. Of a link it is an error.
	Chmod(ctx context.Context, name string, mode fs.FileMode) error
	// Chown changes an owner, also that of a link itself. An id of -1 stays.
	Chown(ctx context.Context, name string, uid, gid int) error
	// Remove removes a file, a link or an empty directory.
	Remove(ctx context.Context, name string) error
	// Mounts returns the names of the mount points in the tree, as far as the system says them; "." is the directory itself.
	Mounts(ctx context.Context) ([]string, error)
	Close(ctx context.Context) error
}

// Entry is a name in a directory, and what it itself is.
type Entry struct {
	Name string
	Info
}
