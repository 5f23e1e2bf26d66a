package binding

import (
	"fmt"
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// push pushes the result of a function.
func (b *Modules) push(state *lua.LState, result module.Result, name string) int {
	switch {
	case result.IsValue:
		state.Push(toLua(state, result.Value, name))
		return 1
	case !result.IsTable:
		return 0
	}
	table := state.CreateTable(0, len(result.Fields))
	missing := map[string]module.NotDone{}
	for _, field := range result.Fields {
		if why, is := field.Value.(module.NotDone); is {
			missing[field.Name] = why
		} else {
			table.RawSetString(field.Name, toLua(state, field.Value, field.Name))
		}
	}
	b.endReaders(state, table, missing)
	state.Push(table)
	return 1
}

// endReaders has the task end that reads a field which is missing in a dry run.
func (b *Modules) endReaders(state *lua.LState, table *lua.LTable, missing map[string]module.NotDone) {
	if len(missing) == 0 {
		return
	}
	meta := state.NewTable()
	meta.RawSetString("__index", state.NewFunction(func(state *lua.LState) int {
		name, _ := state.Get(2).(lua.LString)
		if why, ok := missing[string(name)]; ok {
			b.system.EndTask(why)
			stack.Fail(state, "%s", why)
		}
		return 0
	}))
	table.Metatable = meta
}

// toLua makes a value of Go one of Lua. path is how Lua code writes it, for what can't be read.
func toLua(state *lua.LState, value any, path string) lua.LValue {
	switch value := value.(type) {
	case bool:
		return lua.LBool(value)
	case float64:
		return lua.LNumber(value)
	case string:
		return lua.LString(value)
	case module.List:
		return listToLua(state, value, path)
	case module.Table:
		return tableToLua(state, value, path, "")
	case module.Open:
		return tableToLua(state, value.Table, path, value.Why)
	default:
		return lua.LNil
	}
}

func listToLua(state *lua.LState, list module.List, path string) lua.LValue {
	table, unread := state.CreateTable(len(list), 0), map[lua.LValue]string{}
	for i, item := range list {
		if unknown, is := item.(module.Unknown); is {
			unread[lua.LNumber(i+1)] = unknown.Why
		} else {
			table.RawSetInt(i+1, toLua(state, item, fmt.Sprintf("%s[%d]", path, i+1)))
		}
	}
	guard(state, table, path, unread, "")
	return table
}

// tableToLua makes a table, in the order of its names. missing is why names that are not in it can't be read; "": they are nil.
func tableToLua(state *lua.LState, pairs module.Table, path, missing string) lua.LValue {
	table, unread := state.CreateTable(0, len(pairs)), map[lua.LValue]string{}
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		if unknown, is := pairs[key].(module.Unknown); is {
			unread[lua.LString(key)] = unknown.Why
		} else {
			table.RawSetString(key, toLua(state, pairs[key], path+"."+key))
		}
	}
	guard(state, table, path, unread, missing)
	return table
}

// guard makes it an error to read what is not known: a value of unread, or, where missing is set, one that is not there.
func guard(state *lua.LState, table *lua.LTable, path string, unread map[lua.LValue]string, missing string) {
	if len(unread) == 0 && missing == "" {
		return
	}
	meta := state.NewTable()
	meta.RawSetString("__index", state.NewFunction(func(state *lua.LState) int {
		key := state.Get(2)
		text, _ := arg.ToText(key)
		name := path + "." + text
		if key.Type() == lua.LTNumber {
			name = path + "[" + text + "]"
		}
		if why, ok := unread[key]; ok {
			stack.Fail(state, "%s is not known here: %s", name, why)
		}
		if missing != "" {
			stack.Fail(state, "%s is not known here: %s", name, missing)
		}
		return 0
	}))
	table.Metatable = meta
}
