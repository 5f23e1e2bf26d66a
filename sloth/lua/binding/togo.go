package binding

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

const (
	// maxDepth is how deep the tables of an argument may stand inside each other. One that is in itself has no end.
	maxDepth = 100
	// maxEntries is how many entries the table of an argument may have.
	maxEntries = 1 << 20
)

// toGo makes a value of Lua one of Go. It fails, as a Lua error, for tables that have no end.
func toGo(state *lua.LState, value lua.LValue, depth int) any {
	switch value := value.(type) {
	case *lua.LNilType:
		return nil
	case lua.LBool:
		return bool(value)
	case lua.LNumber:
		return float64(value)
	case lua.LString:
		return string(value)
	case *lua.LFunction:
		return callback(state, value)
	case *lua.LTable:
		return table(state, value, depth)
	default:
		return module.Opaque{Kind: value.Type().String()}
	}
}

// table makes a list of a table with the keys 1, 2, 3 and so on, and a Table of one with names. One that has both, or others, has
// no meaning in Go.
func table(state *lua.LState, value *lua.LTable, depth int) any {
	if depth == maxDepth {
		stack.Fail(state, "a table of the arguments is in itself, or more than %d deep", maxDepth)
	}
	list, named := module.List{}, module.Table{}
	for key, item := value.Next(lua.LNil); key != lua.LNil; key, item = value.Next(key) {
		if len(list)+len(named) == maxEntries {
			stack.Fail(state, "a table of the arguments has more than %d entries", maxEntries)
		}
		switch key := key.(type) {
		case lua.LString:
			named[string(key)] = toGo(state, item, depth+1)
		case lua.LNumber:
			if int(key) != len(list)+1 || float64(key) != float64(len(list)+1) {
				return module.Opaque{Kind: "table"}
			}
			list = append(list, toGo(state, item, depth+1))
		default:
			return module.Opaque{Kind: "table"}
		}
	}
	switch {
	case len(named) == 0:
		return list
	case len(list) == 0:
		return named
	default:
		return module.Opaque{Kind: "table"}
	}
}

// callback makes a Lua function callable from Go, in the call that it was given to.
func callback(state *lua.LState, function *lua.LFunction) module.Callback {
	return func(values ...any) ([]any, error) {
		top := state.GetTop()
		state.Push(function)
		for _, value := range values {
			state.Push(toLua(state, value, "argument"))
		}
		if err := state.PCall(len(values), lua.MultRet, nil); err != nil {
			return nil, luaError{library.ErrorValue(err)}
		}
		results := make([]any, 0, state.GetTop()-top)
		for i := top + 1; i <= state.GetTop(); i++ {
			results = append(results, toGo(state, state.Get(i), 0))
		}
		state.SetTop(top)
		return results, nil
	}
}
