// Package pipefile reads files that a person names and that may be named pipes, as those of the shell's <(command): opening
// one waits for its writer, and reading it for what is written.
package pipefile

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// File is an open file, of which a read ends with the context that it was opened with. It must be closed.
type File struct {
	file *os.File
	ctx  context.Context // of all reads: io.Reader has no room for one
	stop func() bool
}

// Open opens a file for reading. It ends with ctx, also while it waits for the writer of a named pipe. Errors are those of
// package os, or ctx's.
func Open(ctx context.Context, path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	file, err := open(ctx, path, info)
	if err != nil {
		return nil, err
	}
	// What can make a read wait has deadlines: pipes and terminals. On other files this does nothing.
	stop := context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(1, 0)) })
	return &File{file: file, ctx: ctx, stop: stop}, nil
}

// Read implements io.Reader.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.file.Read(p)
	if err != nil && f.ctx.Err() != nil {
		err = f.ctx.Err()
	}
	return n, err
}

// Close closes the file.
func (f *File) Close() error {
	f.stop()
	return f.file.Close()
}

// ReadAll returns what is in a file of at most so many bytes.
func ReadAll(ctx context.Context, path string, most int) ([]byte, error) {
	file, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > most:
		return nil, fmt.Errorf("it is larger than %d bytes", most)
	}
	return text, nil
}

// open opens a file. Opening a named pipe waits for its writer; when ctx ends before, this is the writer.
func open(ctx context.Context, path string, info fs.FileInfo) (*os.File, error) {
	if info.Mode()&fs.ModeNamedPipe == 0 {
		return os.Open(path)
	}
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.Open(path)
		done <- opened{file, err}
	}()
	select {
	case o := <-done:
		return o.file, o.err
	case <-ctx.Done():
	}
	for {
		// Without a reader this fails: the other goroutine may not be there yet.
		if writer, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = writer.Close()
		}
		select {
		case o := <-done:
			if o.err == nil {
				_ = o.file.Close()
			}
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}
