package library

import (
	"encoding/json"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

const onlyHostInTask = "host is for tasks: what a file defines must not depend on where it is loaded"

// HostTable is the global table of what is known of the host.
const HostTable = "host"

// HostFields returns the names of its fields.
func HostFields() []string { return []string{"name", "vars"} }

// openHost defines the global table host. It reads what SetHost gave, and only inside a task.
func (l *Library) openHost(state *lua.LState) {
	guard := state.NewTable()
	guard.RawSetString("__index", state.NewFunction(l.onlyInTask(onlyHostInTask, func(state *lua.LState) int {
		if l.host == nil {
			return 0
		}
		state.Push(l.host.RawGet(state.Get(2)))
		return 1
	})))
	guard.RawSetString("__newindex", state.NewFunction(func(state *lua.LState) int {
		stack.Fail(state, "host can't be changed")
		return 0
	}))
	guard.RawSetString("__metatable", lua.LFalse)
	host := state.NewTable()
	host.Metatable = guard
	state.SetGlobal(HostTable, host)
}

// SetHost says what host.name and host.vars are. vars is JSON in the form that proto.Start says; empty: no variables.
func (l *Library) SetHost(state *lua.LState, name string, vars []byte) error {
	var sent struct {
		Vars   map[string]any `json:"vars"`
		Sealed []string       `json:"sealed"`
	}
	if len(vars) > 0 {
		if err := json.Unmarshal(vars, &sent); err != nil {
			return err
		}
	}
	l.host = state.NewTable()
	l.host.RawSetString("name", lua.LString(name))
	table, unread := l.object(state, sent.Vars, "host.vars")
	l.host.RawSetString("vars", table)
	if len(sent.Sealed) > 0 || len(unread) > 0 {
		l.guard(state, table, "host.vars", unread, strings.Join(sent.Sealed, ", "))
	}
	return nil
}

// value makes a Lua value of one of JSON. path is how Lua code writes it.
func (l *Library) value(state *lua.LState, data any, path string) lua.LValue {
	switch data := data.(type) {
	case bool:
		return lua.LBool(data)
	case float64:
		return lua.LNumber(data)
	case string:
		return lua.LString(data)
	case []any:
		table, unread := state.CreateTable(len(data), 0), map[lua.LValue]string{}
		for i, item := range data {
			at := fmt.Sprintf("%s[%d]", path, i+1)
			if why, ok := isUnread(item); ok {
				unread[lua.LNumber(i+1)] = why
			} else {
				table.RawSetInt(i+1, l.value(state, item, at))
			}
		}
		if len(unread) > 0 {
			l.guard(state, table, path, unread, "")
		}
		return table
	case map[string]any:
		table, unread := l.object(state, data, path)
		if len(unread) > 0 {
			l.guard(state, table, path, unread, "")
		}
		return table
	default:
		return lua.LNil
	}
}

// object makes a table of an object. The second result has the keys whose values are not known, with the reasons.
func (l *Library) object(state *lua.LState, pairs map[string]any, path string) (*lua.LTable, map[lua.LValue]string) {
	table, unread := state.CreateTable(0, len(pairs)), map[lua.LValue]string{}
	for key, data := range pairs {
		if why, ok := isUnread(data); ok {
			unread[lua.LString(key)] = why
		} else {
			table.RawSetString(key, l.value(state, data, path+"."+key))
		}
	}
	return table, unread
}

// isUnread reports whether the operator did not know a value, and why.
func isUnread(data any) (string, bool) {
	pairs, ok := data.(map[string]any)
	if !ok || len(pairs) != 1 {
		return "", false
	}
	why, ok := pairs["__unread"].(string)
	return why, ok
}

// guard makes it an error to read what the operator did not know: a value that was unread, or, where files are sealed, one
// that may stand in them.
func (l *Library) guard(state *lua.LState, table *lua.LTable, path string, unread map[lua.LValue]string, sealed string) {
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
		if sealed != "" {
			stack.Fail(state, "%s is not known here: it may stand in %s, which is encrypted with Ansible Vault", name, sealed)
		}
		return 0
	}))
	table.Metatable = meta
}
