package oshost

import (
	"context"
	"errors"
	"os"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/module"
)

// file is an open file.
type file struct {
	host   Host
	handle *os.File
}

// Name returns the path that it was opened by.
func (f *file) Name() string { return f.handle.Name() }

// on makes a call with the file. A file that is left in the middle of one is closed when the call comes back: nothing else may
// use it then.
func on[T any](ctx context.Context, f *file, name string, do func(*os.File) (T, error)) (T, error) {
	handle := f.handle
	return abandon.Do(ctx, f.host.Caller, abandon.Work[T]{
		Call: abandon.Call{Name: module.CallName(ctx, name), Path: handle.Name()},
		Do:   func() (T, error) { return do(handle) },
		// What waits for a pipe or a terminal comes back. Regular files know no deadline.
		Interrupt: func() { _ = handle.SetDeadline(time.Unix(1, 0)) },
		Release:   func(T, error) { _ = handle.Close() },
	})
}

// Read implements module.File.
func (f *file) Read(ctx context.Context, buffer []byte) (int, error) {
	return on(ctx, f, "file:read", func(handle *os.File) (int, error) { return handle.Read(buffer) })
}

// Write implements module.File.
func (f *file) Write(ctx context.Context, data []byte) (int, error) {
	return on(ctx, f, "file:write", func(handle *os.File) (int, error) { return handle.Write(data) })
}

// Seek implements module.File.
func (f *file) Seek(ctx context.Context, offset int64, whence int) (int64, error) {
	return on(ctx, f, "file:seek", func(handle *os.File) (int64, error) { return handle.Seek(offset, whence) })
}

// Close implements module.File.
func (f *file) Close(ctx context.Context) error {
	return doOnly(ctx, f.host, "file:close", f.handle.Name(), f.handle.Close)
}

// CloseAll implements module.Files.
func (h Host) CloseAll(ctx context.Context, files []module.File) error {
	var handles []*os.File
	var others error
	path := ""
	for _, f := range files {
		if own, ok := f.(*file); ok {
			handles, path = append(handles, own.handle), own.handle.Name()
		} else {
			others = errors.Join(others, f.Close(ctx))
		}
	}
	return errors.Join(others, doOnly(ctx, h, "file:close", path, func() error {
		var all error
		for _, handle := range handles {
			all = errors.Join(all, handle.Close())
		}
		return all
	}))
}
