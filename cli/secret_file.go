package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"sloth-runner/internal/fault"
)

// firstLineOf reads a file, or a named pipe, to its first newline or its end. It ends with ctx, also while it waits for
// the writer of a pipe. A program is refused, for Ansible would run it.
func firstLineOf(ctx context.Context, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	if info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
		return "", &fault.Error{Err: fmt.Errorf("%s is executable, and is not run", path), Hint: "take the permission to execute it away with chmod -x; " +
			"for passwords there are also --password-command and --become-password-command, which run a program"}
	}
	file, err := openSecret(ctx, path, info)
	if err != nil {
		return "", unreadable(path, err)
	}
	defer file.Close()
	// What can make a read wait has deadlines: pipes and terminals. On other files this does nothing.
	stop := context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	text, err := readLine(file)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", unreadable(path, err)
	}
	return firstLine(text)
}

// openSecret opens a file. Opening a named pipe waits for its writer; when ctx ends before, this is the writer.
func openSecret(ctx context.Context, path string, info fs.FileInfo) (*os.File, error) {
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

// readLine reads up to the first newline, or to the end, or until more was read than a secret may have.
func readLine(r io.Reader) ([]byte, error) {
	var text []byte
	buffer := make([]byte, maxSecret+1)
	for {
		n, err := r.Read(buffer)
		text = append(text, buffer[:n]...)
		switch {
		case bytes.IndexByte(buffer[:n], '\n') >= 0 || len(text) > maxSecret+len("\ufeff\r") || errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		}
	}
}
