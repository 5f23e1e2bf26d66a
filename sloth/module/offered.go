package module

import (
	"context"
	"io"
	"io/fs"
	"time"
)

// Offered are the files of the operator's machine that the run offers, and the way of the host's own files to there. It is safe for
// concurrent use. Paths of offered files are relative, with slashes, as "files/app.conf". A path that is not offered is an error that
// says so, and fs.ErrNotExist where there is nothing.
type Offered interface {
	// List returns what is offered at a path: that itself, under the name ".", and all that is below it, each directory before what it
	// contains. What a pattern of exclude is about is left out, with all that is below it, and not looked at: see glob.Excluded.
	List(ctx context.Context, path string, exclude []string) ([]OfferedEntry, error)
	// Get returns an offered file. have is the digest of a content that the host has; the zero value: none. It has to be closed.
	Get(ctx context.Context, path string, have Digest) (OfferedFile, error)
	// Each gets files of a list, which are below a path, and calls use for each of them in their order. They are asked for ahead, so use must
	// not call Offered. The content is gone when use returns.
	Each(ctx context.Context, path string, files []OfferedEntry, use func(file OfferedEntry, content io.Reader) error) error
	// Send sends a file of the host to the operator, who keeps it under name, below a directory for this host; "": under its path.
	Send(ctx context.Context, path, name string) error
}

// Digest is the SHA-256 of a content. The zero value stands for none.
type Digest [32]byte

// OfferedEntry is a file, directory or symbolic link that is offered.
type OfferedEntry struct {
	// Name is relative to the path that was asked for; "." is that itself.
	Name string
	// Mode has the kind and the permissions.
	Mode     fs.FileMode
	Size     int64
	Modified time.Time
	// Digest is that of a file's content.
	Digest Digest
	// Target is what a link points to, as it is.
	Target string
}

// OfferedFile is an offered file and its content.
type OfferedFile interface {
	// Entry is what the file is like. Its name is the last part of its path.
	Entry() OfferedEntry
	// Same says that the host has the content: it is not there to be read.
	Same() bool
	io.ReadCloser
}
