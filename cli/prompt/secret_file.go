package prompt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/pipefile"
)

// FirstLineOf reads a file, or a named pipe, to its first newline or its end. It ends with ctx, also while it waits for
// the writer of a pipe. A program is refused, for Ansible would run it.
func FirstLineOf(ctx context.Context, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", command.Unreadable(path, err)
	}
	if info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
		return "", &fault.Error{Err: fmt.Errorf("%s is executable, and is not run", path), Hint: "take the permission to execute it away with chmod -x; " +
			"for passwords there are also --password-command and --become-password-command, which run a program"}
	}
	file, err := pipefile.Open(ctx, path)
	if err == nil {
		defer file.Close()
		var text []byte
		if text, err = readLine(file); err == nil {
			return firstLine(text)
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return "", command.Unreadable(path, err)
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
