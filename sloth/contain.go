package sloth

import (
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/library"
)

// errMachine is for faults of our own, about which the author of a file can do nothing but report them.
var errMachine = errors.New(library.InternalError)

// contained calls work, which reads values that Lua code has made, and returns errMachine when it panics: a fault in
// gopher-lua's compiler can leave values there that are none of Lua's.
func contained(work func()) (err error) {
	defer func() {
		if recover() != nil {
			err = errMachine
		}
	}()
	work()
	return nil
}

// placeOf is where a function begins, as "file:line: ", or "".
func placeOf(function *lua.LFunction) string {
	if function == nil || function.IsG || function.Proto == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", function.Proto.SourceName, function.Proto.LineDefined)
}
