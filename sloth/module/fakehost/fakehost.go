// Package fakehost is a host for tests of modules: it writes down what a module does, answers commands, and fails where a test
// wants it to. Files are real ones, of a test's own directory.
package fakehost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
)

// Host writes down commands and all that changes files. It is safe for concurrent use.
type Host struct {
	oshost.Host
	// Answer is what becomes of a command; nil: it succeeds and prints nothing.
	Answer func(module.Command) (module.CommandResult, error)
	// Fail returns the error of a call, or nil for one that is to be made. It gets the line that is written down.
	Fail func(call string) error

	mu    sync.Mutex
	calls []string
}

var _ module.Host = (*Host)(nil)

// Calls returns what was done, one line a call, such as "$ uname" and "chmod /x 0644".
func (h *Host) Calls() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

func (h *Host) note(format string, arguments ...any) error {
	call := fmt.Sprintf(format, arguments...)
	h.mu.Lock()
	h.calls = append(h.calls, call)
	h.mu.Unlock()
	if h.Fail == nil {
		return nil
	}
	return h.Fail(call)
}

// Run implements module.Host.
func (h *Host) Run(_ context.Context, command module.Command) (module.CommandResult, error) {
	if err := h.note("$ %s", command); err != nil || h.Answer == nil {
		return module.CommandResult{}, err
	}
	return h.Answer(command)
}

// Open implements module.Files.
func (h *Host) Open(ctx context.Context, path string, flags int, mode fs.FileMode) (module.File, error) {
	if err := h.note("open %s", path); err != nil {
		return nil, err
	}
	return h.Host.Open(ctx, path, flags, mode)
}

// Write implements module.Files.
func (h *Host) Write(ctx context.Context, path string, content []byte, attributes module.Attributes) error {
	if err := h.note("write %s", path); err != nil {
		return err
	}
	return h.Host.Write(ctx, path, content, attributes)
}

// Stage implements module.Files, and writes down what Commit does.
func (h *Host) Stage(ctx context.Context, path string, content io.Reader, attributes module.Attributes) (module.Staged, error) {
	s, err := h.Host.Stage(ctx, path, content, attributes)
	if err != nil {
		return nil, err
	}
	return &staged{s, h, path}, nil
}

// staged is a new version whose commit is written down.
type staged struct {
	module.Staged
	host *Host
	path string
}

func (s *staged) Commit(ctx context.Context) error {
	if err := s.host.note("write %s", s.path); err != nil {
		return errors.Join(err, s.Discard(ctx))
	}
	return s.Staged.Commit(ctx)
}

// Mkdir implements module.Files.
func (h *Host) Mkdir(ctx context.Context, path string, mode fs.FileMode) error {
	if err := h.note("mkdir %s", path); err != nil {
		return err
	}
	return h.Host.Mkdir(ctx, path, mode)
}

// Symlink implements module.Files.
func (h *Host) Symlink(ctx context.Context, target, path string) error {
	if err := h.note("symlink %s", path); err != nil {
		return err
	}
	return h.Host.Symlink(ctx, target, path)
}

// Relink implements module.Files.
func (h *Host) Relink(ctx context.Context, target, path string) error {
	if err := h.note("symlink %s", path); err != nil {
		return err
	}
	return h.Host.Relink(ctx, target, path)
}

// Remove implements module.Files.
func (h *Host) Remove(ctx context.Context, path string) error {
	if err := h.note("remove %s", path); err != nil {
		return err
	}
	return h.Host.Remove(ctx, path)
}

// Rename implements module.Files.
func (h *Host) Rename(ctx context.Context, from, to string) error {
	if err := h.note("rename %s %s", from, to); err != nil {
		return err
	}
	return h.Host.Rename(ctx, from, to)
}

// Chmod implements module.Files.
func (h *Host) Chmod(ctx context.Context, path string, mode fs.FileMode) error {
	if err := h.note("chmod %s %04o", path, mode); err != nil {
		return err
	}
	return h.Host.Chmod(ctx, path, mode)
}

// Chown writes a change of owner down, and does not make it: tests don't run as root.
func (h *Host) Chown(_ context.Context, path string, uid, gid int) error {
	return h.note("chown %s %d:%d", path, uid, gid)
}
