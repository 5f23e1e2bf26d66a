package files

import (
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/module"
)

func (l *Files) ioOpen(state *lua.LState, wrap wrapper) int {
	path := arg.String(state, 1)
	f, err := l.openFile(state, "io.open", path, arg.OptString(state, 2, "r"))
	if err != nil {
		return PushOutcome(state, path, err)
	}
	state.Push(wrap(state, f))
	return 1
}

// openFile opens a file of the host by one of C's modes, for the function of that name.
func (l *Files) openFile(state *lua.LState, name, path, mode string) (*file, error) {
	flags, err := openFlags(mode)
	if err != nil {
		return nil, err
	}
	return l.opened(state)(l.system.Host().Open(l.in(name), path, flags, 0o666))
}

// opened makes a file of what the host opened.
func (l *Files) opened(state *lua.LState) func(module.File, error) (*file, error) {
	return func(handle module.File, err error) (*file, error) {
		FailIfLeft(state, err)
		if err != nil {
			return nil, err
		}
		return l.newFile(handle), nil
	}
}

// openFlags are the system's flags for a mode of C's fopen, which overlooks letters that it does not know.
func openFlags(mode string) (int, error) {
	if mode == "" {
		return 0, syscall.EINVAL
	}
	access := syscall.O_WRONLY
	if strings.Contains(mode[1:], "+") {
		access = syscall.O_RDWR
	}
	if strings.Contains(mode[1:], "x") {
		access |= syscall.O_EXCL
	}
	switch mode[0] {
	case 'r':
		return access &^ syscall.O_WRONLY, nil
	case 'w':
		return access | syscall.O_CREAT | syscall.O_TRUNC, nil
	case 'a':
		return access | syscall.O_CREAT | syscall.O_APPEND, nil
	default:
		return 0, syscall.EINVAL
	}
}

func (l *Files) mustOpen(state *lua.LState, name, path, mode string) *file {
	f, err := l.openFile(state, name, path, mode)
	if err != nil {
		arg.Fail(state, 1, "%s: %s", path, Reason(err))
	}
	return f
}

// tmpfile opens a file that has no name any more.
func (l *Files) tmpfile(state *lua.LState, wrap wrapper) int {
	f, err := l.opened(state)(l.system.Host().Temp(l.in("io.tmpfile"), module.TempUnnamed))
	if err != nil {
		return PushOutcome(state, "", err)
	}
	state.Push(wrap(state, f))
	return 1
}
