package library

import (
	"errors"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/lua/stack"
)

// call makes a call into the system for Lua code. It fails when the code has to end before the call comes back, and when too
// many calls have not. All that waits for files goes through it, or through source: each may wait for ever.
func call[T any](l *Library, state *lua.LState, work abandon.Work[T]) (T, error) {
	value, err := abandon.Do(l.system.Context(), l.system.Caller(), work)
	l.failIfLeft(state, err)
	return value, err
}

// failIfLeft fails for the errors that are none of the file's.
func (l *Library) failIfLeft(state *lua.LState, err error) {
	if err == nil {
		return // this is called for each line that is read
	}
	if left, ok := errors.AsType[abandon.Left](err); ok {
		stack.Fail(state, "%s", left)
	}
	if many, ok := errors.AsType[abandon.TooMany](err); ok {
		stack.Fail(state, "%s", many)
	}
}

// path makes a call about a path, which has no result.
func (l *Library) path(state *lua.LState, name, path string, do func() error) error {
	_, err := call(l, state, abandon.Work[struct{}]{
		Call: abandon.Call{Name: name, Path: path},
		Do:   func() (struct{}, error) { return struct{}{}, do() },
	})
	return err
}

// on makes a call with an open file. A file that is left in the middle of one is closed when the call comes back: nothing
// else may use it then.
func on[T any](l *Library, f *file, name string, do func(*os.File) (T, error)) (T, error) {
	handle := f.handle
	value, err := abandon.Do(l.system.Context(), l.system.Caller(), abandon.Work[T]{
		Call: abandon.Call{Name: name, Path: f.name},
		Do:   func() (T, error) { return do(handle) },
		// What waits for a pipe or a terminal comes back. Regular files know no deadline.
		Interrupt: func() { _ = handle.SetDeadline(time.Unix(1, 0)) },
		Release:   func(T, error) { _ = handle.Close() },
	})
	if _, left := errors.AsType[abandon.Left](err); left {
		f.closed = true
		delete(l.open, f)
	}
	return value, err
}

// source is what a file's buffer is filled from.
type source struct {
	library *Library
	file    *file
}

// Read implements io.Reader.
func (s source) Read(buffer []byte) (int, error) {
	n, err := on(s.library, s.file, "file:read", func(handle *os.File) (int, error) { return handle.Read(buffer) })
	s.file.failed = err
	return n, err
}
