// Package show writes values of Lua in messages: bounded, and without running Lua code.
package show

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/quote"
)

// Kind names a value's type with its article, for "must be a string, not a table".
func Kind(value lua.LValue) string {
	switch v := value.(type) {
	case *lua.LNilType:
		return "nil"
	case lua.LBool:
		return v.String()
	default:
		return "a " + value.Type().String()
	}
}

// Value shows a value as Lua would write it, for error values and odd keys. Tables are shown two levels deep, as
// far as eight entries.
func Value(value lua.LValue) string { return valueTo(value, 2) }

func valueTo(value lua.LValue, depth int) string {
	const entries = 8
	switch v := value.(type) {
	case lua.LString:
		return quote.Text(string(v))
	case lua.LNumber:
		return arg.FormatNumber(v)
	case lua.LBool, *lua.LNilType:
		return value.String()
	case *lua.LTable:
		if depth == 0 {
			return "{...}"
		}
		var parts []string
		for key, entry := v.Next(lua.LNil); key != lua.LNil; key, entry = v.Next(key) {
			if len(parts) == entries {
				parts = append(parts, "...")
				break
			}
			shown := valueTo(entry, depth-1)
			switch key := key.(type) {
			case lua.LString:
				shown = strings.Trim(quote.Text(string(key)), "'") + " = " + shown
			case lua.LNumber:
				if int(key) != len(parts)+1 {
					shown = "[" + arg.FormatNumber(key) + "] = " + shown
				}
			default:
				shown = "[" + valueTo(key, 0) + "] = " + shown
			}
			parts = append(parts, shown)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		return Kind(value)
	}
}
