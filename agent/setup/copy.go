package setup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"sloth-runner/agent/program"
	"sloth-runner/internal/atomicfile"
	"sloth-runner/internal/fault"
)

// tryLimit limits how long a program may take to print its digest.
const tryLimit = 30 * time.Second

// place copies the running program to the directory of persistent agents, and returns its path. The copy was executed
// once and has the right digest.
func (p *places) place(ctx context.Context) (path string, err error) {
	self, err := program.Open()
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	defer self.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, self); err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	digest := fmt.Sprintf("%x", hash.Sum(nil))
	path = filepath.Join(p.programs, "agent-"+digest)
	if tryProgram(ctx, path, digest) == nil {
		return path, nil
	}
	if _, err := self.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	if err := copyProgram(self, path); err != nil {
		return "", fmt.Errorf("copy the program: %w", err)
	}
	if err := tryProgram(ctx, path, digest); err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}

// copyProgram writes a program that all may execute and only this account may change. It writes all of it or nothing.
func copyProgram(from io.Reader, path string) (err error) {
	dir := filepath.Dir(path)
	if err := safeParents(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary := filepath.Join(dir, ".agent-"+rand.Text())
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temporary))
		}
	}()
	err = program.Write(temporary, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	if err != nil {
		return err
	}
	if err := syncFile(temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return atomicfile.SyncDir(dir)
}

// syncFile writes a file to the disk. Otherwise a partial program could have the final name after a power failure.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// tryProgram executes a program, which prints its own digest.
func tryProgram(ctx context.Context, path, digest string) error {
	ctx, stop := context.WithTimeout(ctx, tryLimit)
	defer stop()
	out, err := exec.CommandContext(ctx, path, "agent", "digest").Output()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return &fault.Error{
			Err:  fmt.Errorf("%s can't be executed", path),
			Hint: "its file system may be mounted with noexec; another place for the account is set with XDG_STATE_HOME",
		}
	case err != nil:
		return fmt.Errorf("try %s: %w", path, err)
	case strings.TrimSpace(string(out)) != digest:
		return fmt.Errorf("%s is not what was copied", path)
	}
	return nil
}

// use points the link to a program.
func (p *places) use(program string) error {
	if err := atomicfile.Symlink(program, p.link()); err != nil {
		return fmt.Errorf("choose the program: %w", err)
	}
	return nil
}

// cleanUp removes the programs that are not in use. It ignores errors: the next upgrade tries again.
func (p *places) cleanUp(used string) {
	entries, err := os.ReadDir(p.programs)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if entry.Name() != filepath.Base(used) {
			_ = os.Remove(filepath.Join(p.programs, entry.Name()))
		}
	}
}
