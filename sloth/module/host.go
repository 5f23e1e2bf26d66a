package module

import (
	"context"
	"io"
	"io/fs"
)

// Host is the machine that modules act on. All that waits for files, commands or other services of the system goes through it,
// and ends soon after its context does.
//
// Files that can't be reached have errors of package fs: fs.ErrNotExist and the others. When a call into the system did not come
// back before its context ended, the error is an abandon.Left, and the host frees what the call returns later.
type Host interface {
	// Run runs a command and waits for it. A command that ran and failed is no error: the result says so.
	Run(ctx context.Context, command Command) (CommandResult, error)
	// Getenv returns a variable of the environment that commands have.
	Getenv(name string) (value string, ok bool)
	Files
	Accounts
}

// Files are the files of a host.
type Files interface {
	// Open opens a file by the flags and mode of open(2).
	Open(ctx context.Context, path string, flags int, mode fs.FileMode) (File, error)
	// Temp makes a new file in the directory for temporary files, and opens it.
	Temp(ctx context.Context, kind TempKind) (File, error)
	// CloseAll closes files that Open or Temp returned, in one call.
	CloseAll(ctx context.Context, files []File) error
	// Read returns the content of a file of at most limit bytes; a larger one is an error.
	Read(ctx context.Context, path string, limit int64) ([]byte, error)
	// Write replaces a file, or makes it: path is the old file or the new one at every moment, also after a crash.
	Write(ctx context.Context, path string, content []byte, attributes Attributes) error
	// Stage makes the new version of a file, which Staged.Commit puts in its place.
	Stage(ctx context.Context, path string, content io.Reader, attributes Attributes) (Staged, error)
	// Stat describes what the path leads to, Lstat what the path itself is.
	Stat(ctx context.Context, path string) (Info, error)
	Lstat(ctx context.Context, path string) (Info, error)
	// Mkdir makes a directory whose parent is there.
	Mkdir(ctx context.Context, path string, mode fs.FileMode) error
	// Symlink makes a symbolic link, Readlink says where one leads to.
	Symlink(ctx context.Context, target, path string) error
	Readlink(ctx context.Context, path string) (string, error)
	// Relink makes a symbolic link in the place of one, or of a file, that may be there: path is the old or the new one at every moment.
	Relink(ctx context.Context, target, path string) error
	// Remove removes a file or an empty directory.
	Remove(ctx context.Context, path string) error
	Rename(ctx context.Context, from, to string) error
	// Chmod and Chown change what the path leads to, Chown a link itself. An id of -1 stays.
	Chmod(ctx context.Context, path string, mode fs.FileMode) error
	Chown(ctx context.Context, path string, uid, gid int) error
	// Executable reports whether the path leads to a program that this account may run.
	Executable(ctx context.Context, path string) (bool, error)
	// List returns the names in a directory, sorted.
	List(ctx context.Context, path string) ([]string, error)
	// OpenTree opens a directory, for work on all that is below it.
	OpenTree(ctx context.Context, path string) (Tree, error)
}

// Accounts are the users and groups of a host.
type Accounts interface {
	// User and Group return the id of a name, or of digits; an unknown name is an error that names it.
	User(ctx context.Context, name string) (uid int, err error)
	Group(ctx context.Context, name string) (gid int, err error)
	// UserName and GroupName return the name of an id, or its digits where it has none.
	UserName(ctx context.Context, uid int) (string, error)
	GroupName(ctx context.Context, gid int) (string, error)
	// Home returns the home directory of the account that tasks run as, "" where it has none.
	Home(ctx context.Context) (string, error)
}

// File is an open file of a host. One goroutine at a time uses it. After an error that is an abandon.Left it is closed.
type File interface {
	Name() string
	Read(ctx context.Context, buffer []byte) (int, error)
	Write(ctx context.Context, data []byte) (int, error)
	Seek(ctx context.Context, offset int64, whence int) (int64, error)
	Close(ctx context.Context) error
}

// TempKind says whether a temporary file has a name.
type TempKind int

const (
	// TempNamed is a file that its user removes.
	TempNamed TempKind = iota
	// TempUnnamed is a file that is gone when it is closed.
	TempUnnamed
)
