package stdlib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// fail raises an error with the place of the caller, if that is Lua code.
func fail(state *lua.LState, format string, arguments ...any) {
	state.Error(lua.LString(place(state, 1)+fmt.Sprintf(format, arguments...)), 0)
}

// place is where the function at the level of the stack stands in its source, as "file:line: "; "" for one that is not
// Lua's. The function that runs has level 0.
func place(state *lua.LState, level int) string {
	where := state.Where(level)
	if where == "" || strings.HasPrefix(where, "[G]") {
		return ""
	}
	return where + " "
}
