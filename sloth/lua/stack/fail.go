package stack

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Fail raises an error with the place of the caller, if that is Lua code.
func Fail(state *lua.LState, format string, arguments ...any) {
	state.Error(lua.LString(Place(state)+fmt.Sprintf(format, arguments...)), 0)
}

// Place is where the caller of the function that runs stands in its source, as "file:line: "; "" for one that is not
// Lua's.
func Place(state *lua.LState) string {
	where := state.Where(1)
	if where == "" || strings.HasPrefix(where, "[G]") {
		return ""
	}
	return where + " "
}
