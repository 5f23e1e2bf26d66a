// Package pipefile reads files that may be named pipes, such as those of the shell's <(command). Opening a pipe waits
// for its writer, and reading it waits for data.
package pipefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"sloth-runner/internal/bounded"
)

// File is an open file whose reads end with its context. It must be closed.
type File struct {
	file *os.File
	ctx  context.Context // of all reads: io.Reader's Read takes none
	stop func() bool
}

// Open opens a file for reading. It returns when ctx ends, also while it waits for the writer of a named pipe. The
// error is one of package os, or that of ctx.
func Open(ctx context.Context, path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	file, err := open(ctx, path, info)
	if err != nil {
		return nil, err
	}
	// Pipes and terminals, where reads can wait, have deadlines. For other files this does nothing.
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

// ReadAll returns the content of a file. It returns an error when the file is larger than most bytes.
func ReadAll(ctx context.Context, path string, most int) ([]byte, error) {
	file, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(bounded.NewReader(file, most))
	if tooLarge := (bounded.TooLarge{}); errors.As(err, &tooLarge) {
		return nil, fmt.Errorf("it is %w", tooLarge)
	}
	return text, err
}

// open opens a file. Opening a named pipe waits for a writer. When ctx ends before, this function opens the pipe for
// writing.
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
		// This fails when there is no reader yet: the other goroutine may not have opened the pipe.
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
