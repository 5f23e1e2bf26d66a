package vm

import (
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/library"
)

// ErrInternal is for faults of our own, about which the author of a file can do nothing but report them.
var ErrInternal = errors.New(library.InternalError)

// Contained calls work, which reads values that Lua code has made, and returns ErrInternal when it panics: a fault in
// gopher-lua's compiler can leave values there that are none of Lua's.
func Contained(work func()) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrInternal
		}
	}()
	work()
	return nil
}

// PlaceOf is where a function begins, as "file:line: ", or "".
func PlaceOf(function *lua.LFunction) string {
	if function == nil || function.IsG || function.Proto == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", function.Proto.SourceName, function.Proto.LineDefined)
}
