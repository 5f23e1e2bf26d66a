package module

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// Staged is the new version of a file, complete and on the disk under a name of its own. One of Commit and Discard has to be called.
type Staged interface {
	// Name is where it is, for a command that looks at it before it is used.
	Name() string
	// Commit puts it in the place of the old one: path is the one or the other at every moment, also after a crash. Where that
	// fails, the old file is still there, and the new version is gone.
	Commit(ctx context.Context) error
	// Discard removes it. After Commit it does nothing.
	Discard(ctx context.Context) error
}

// Errors of files that can't be replaced, as Stage and Commit return them.
var (
	// ErrLinks is of a file with several names, where InPlace is not set.
	ErrLinks = errors.New("the file has several names")
	// ErrMounted is of a file that is a mount point itself, where InPlace is not set.
	ErrMounted = errors.New("the file is a mount point")
	// ErrOwner is of a file whose owner or group the account may not give to the new version, where InPlace is not set.
	ErrOwner = errors.New("the new file can't have the owner of the old one")
	// ErrImmutable is of a file or directory that has the attribute immutable or append-only.
	ErrImmutable = errors.New("the file is immutable")
)

// Attributes are the mode and owner of a file. Those of the old file stay where nothing is said.
type Attributes struct {
	// Mode is the new mode; nil: the old file's, or 0644.
	Mode *fs.FileMode
	// UID and GID are the new owner; nil: the old file's, or that of the process.
	UID, GID *int
	// InPlace writes into the old file where it can't be replaced: it has several names, or is mounted itself. At some moments it
	// is then neither the old file nor the new one. Otherwise such a file is an error.
	InPlace bool
	// Replace has the path itself replaced, also where it is a symbolic link, a pipe or something else that is no directory.
	// Otherwise a link is followed, and what is no regular file is an error.
	Replace bool
	// Like is another file whose mode, owner and extended attributes are those of the old file; "": it is the old file itself.
	Like string
}

// Info describes a file.
type Info struct {
	// Mode has the type and the permissions.
	Mode     fs.FileMode
	Size     int64
	UID, GID int
	Modified time.Time
	// Links is how many names a file has.
	Links uint64
	// Device and Inode are the same for two names of one file.
	Device, Inode uint64
}
