package files

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// PushOutcome pushes true, or nil, the reason, and the system's error number. The reason begins with the path, if there is one.
func PushOutcome(state *lua.LState, path string, err error) int {
	if err == nil {
		state.Push(lua.LTrue)
		return 1
	}
	if path != "" {
		path += ": "
	}
	state.Push(lua.LNil)
	state.Push(lua.LString(path + Reason(err)))
	var number syscall.Errno
	errors.As(err, &number)
	state.Push(lua.LNumber(number))
	return 3
}

// Reason is the cause of a file's error without the operation and the path. What the system says begins with a capital
// letter in C.
func Reason(err error) string {
	var path *fs.PathError
	var number syscall.Errno
	switch {
	case errors.As(err, &number):
		text := number.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	case errors.As(err, &path):
		return path.Err.Error()
	default:
		return err.Error()
	}
}
