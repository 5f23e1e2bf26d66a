package library

import (
	"os"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/lua/arg"
)

func (l *Library) ioOpen(state *lua.LState, wrap wrapper) int {
	path := arg.String(state, 1)
	f, err := l.openFile(state, "io.open", path, arg.OptString(state, 2, "r"))
	if err != nil {
		return pushOutcome(state, path, err)
	}
	state.Push(wrap(state, f))
	return 1
}

// openFile opens a file of the host by one of C's modes, for the function of that name.
func (l *Library) openFile(state *lua.LState, name, path, mode string) (*file, error) {
	flags, err := openFlags(mode)
	if err != nil {
		return nil, err
	}
	return l.opened(state, name, path, func() (*os.File, error) { return os.OpenFile(path, flags, 0o666) })
}

// opened makes a file of what open opens. What comes when the Lua code has ended is closed.
func (l *Library) opened(state *lua.LState, name, path string, open func() (*os.File, error)) (*file, error) {
	handle, err := call(l, state, abandon.Work[*os.File]{
		Call: abandon.Call{Name: name, Path: path},
		Do:   open,
		// It is nil, and closing it an error, when it could not be opened after all.
		Release: func(handle *os.File, _ error) { _ = handle.Close() },
	})
	if err != nil {
		return nil, err
	}
	return l.newFile(handle), nil
}

// openFlags are the system's flags for a mode of C's fopen, which overlooks letters that it does not know.
func openFlags(mode string) (int, error) {
	if mode == "" {
		return 0, syscall.EINVAL
	}
	access := os.O_WRONLY
	if strings.Contains(mode[1:], "+") {
		access = os.O_RDWR
	}
	if strings.Contains(mode[1:], "x") {
		access |= os.O_EXCL
	}
	switch mode[0] {
	case 'r':
		return access &^ os.O_WRONLY, nil
	case 'w':
		return access | os.O_CREATE | os.O_TRUNC, nil
	case 'a':
		return access | os.O_CREATE | os.O_APPEND, nil
	default:
		return 0, syscall.EINVAL
	}
}

func (l *Library) mustOpen(state *lua.LState, name, path, mode string) *file {
	f, err := l.openFile(state, name, path, mode)
	if err != nil {
		arg.Fail(state, 1, "%s: %s", path, reason(err))
	}
	return f
}

// tmpfile opens a file that has no name any more.
func (l *Library) tmpfile(state *lua.LState, wrap wrapper) int {
	f, err := l.opened(state, "io.tmpfile", os.TempDir(), func() (*os.File, error) {
		handle, err := os.CreateTemp("", "lua_")
		if err != nil {
			return nil, err
		}
		if err := os.Remove(handle.Name()); err != nil {
			_ = handle.Close()
			return nil, err
		}
		return handle, nil
	})
	if err != nil {
		return pushOutcome(state, "", err)
	}
	state.Push(wrap(state, f))
	return 1
}
