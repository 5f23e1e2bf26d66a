package oshost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/module"
)

// Open opens a file. What comes when the context has ended is closed.
func (h Host) Open(ctx context.Context, path string, flags int, mode fs.FileMode) (module.File, error) {
	return h.opened(ctx, "open", path, func() (*os.File, error) { return os.OpenFile(path, flags, mode) },
		func(handle *os.File) { _ = handle.Close() })
}

// opened makes a file of what open returns. discard takes what comes when the context has ended.
func (h Host) opened(ctx context.Context, name, path string, open func() (*os.File, error), discard func(*os.File)) (module.File, error) {
	handle, err := abandon.Do(ctx, h.Caller, abandon.Work[*os.File]{
		Call: abandon.Call{Name: module.CallName(ctx, name), Path: path},
		Do:   open,
		Release: func(handle *os.File, err error) {
			if err == nil {
				discard(handle)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return &file{host: h, handle: handle}, nil
}

// Temp makes a temporary file.
func (h Host) Temp(ctx context.Context, kind module.TempKind) (module.File, error) {
	return h.opened(ctx, "create temporary file", os.TempDir(), func() (*os.File, error) {
		handle, err := os.CreateTemp("", "lua_")
		if err != nil || kind == module.TempNamed {
			return handle, err
		}
		if err := os.Remove(handle.Name()); err != nil {
			return nil, errors.Join(err, handle.Close())
		}
		return handle, nil
	}, func(handle *os.File) {
		_ = handle.Close()
		if kind == module.TempNamed {
			_ = os.Remove(handle.Name())
		}
	})
}

// Read returns the content of a file.
func (h Host) Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	return do(ctx, h, "read", path, func() ([]byte, error) {
		handle, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(handle, limit+1))
		err = errors.Join(err, handle.Close())
		if err == nil && int64(len(content)) > limit {
			err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has more than %d bytes", limit)}
		}
		if err != nil {
			return nil, err
		}
		return content, nil
	})
}
