package binding

import (
	"context"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// System is what calls of modules need. Its methods are called from the goroutine that runs the Lua code.
type System interface {
	bounds.Memory
	// InTask reports whether a task runs, and not the file's own top level.
	InTask() bool
	// Context ends when the Lua code has to.
	Context() context.Context
	// Host is what modules act on. It is asked for only in a task.
	Host() module.Host
	// Offered are the files that the run offers. It is asked for only in a task.
	Offered() module.Offered
	// Log passes on a message.
	Log(level proto.Log_Level, message string)
	// Change takes what a function changed.
	Change(function string, change module.Change)
	// DryRun says that nothing is to be changed.
	DryRun() bool
	// EndTask ends the task that runs, for which something of a dry run is missing.
	EndTask(why module.NotDone)
	// Flush logs what Lua code has written before the call.
	Flush()
}

// Modules are the modules of one Lua state.
type Modules struct {
	system  System
	modules []module.Module
	target  module.Target
	// fields are the values that Lua code has read, by module and name.
	fields map[[2]string]lua.LValue
}

// Open defines the modules as global tables.
func Open(state *lua.LState, system System, modules []module.Module) *Modules {
	b := &Modules{system: system, modules: modules}
	for _, m := range modules {
		table := state.CreateTable(0, len(m.Functions))
		for _, f := range m.Functions {
			table.RawSetString(f.Name, state.NewFunction(b.function(table, m, f)))
		}
		if len(m.Fields) > 0 {
			table.Metatable = b.fieldReader(state, m)
		}
		state.SetGlobal(m.Name, table)
	}
	return b
}

// SetTarget says what the fields of modules are about.
func (b *Modules) SetTarget(target module.Target) {
	b.target = target
	b.fields = nil
}

// Names returns the names in the table of a module, sorted; nil: there is no module of that name.
func (b *Modules) Names(name string) []string {
	i := slices.IndexFunc(b.modules, func(m module.Module) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	names := []string{}
	for _, f := range b.modules[i].Functions {
		names = append(names, f.Name)
	}
	for _, f := range b.modules[i].Fields {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// function makes a function of a module callable.
func (b *Modules) function(table *lua.LTable, m module.Module, f module.Function) lua.LGFunction {
	name := m.Name + "." + f.Name
	return func(state *lua.LState) int {
		if !b.system.InTask() && f.Loading != module.LoadingAllowed {
			if f.Loading == module.LoadingIgnored {
				return 0
			}
			stack.Fail(state, "%s", m.OnlyInTask)
		}
		b.system.Flush()
		ctx := module.Context{
			Context:  module.InCall(b.system.Context(), name),
			Log:      b.system.Log,
			Place:    func() string { return stack.Place(state) },
			Function: name,
			Changes:  func(change module.Change) { b.system.Change(name, change) },
			DryRun:   b.system.DryRun(),
		}
		if b.system.InTask() {
			ctx.Host, ctx.Offered = b.system.Host(), b.system.Offered()
		}
		result, err := f.Call(ctx, &arguments{from: converter{state: state, memory: b.system}, table: table, top: state.GetTop()})
		if cause := context.Cause(b.system.Context()); cause != nil {
			stack.Fail(state, "%s", cause)
		}
		if err != nil {
			b.raise(state, err)
		}
		return b.push(state, result, name)
	}
}

// fieldReader makes the metatable of a module with fields.
func (b *Modules) fieldReader(state *lua.LState, m module.Module) *lua.LTable {
	guard := state.NewTable()
	guard.RawSetString("__index", state.NewFunction(func(state *lua.LState) int {
		if !b.system.InTask() {
			stack.Fail(state, "%s", m.OnlyInTask)
		}
		name, _ := state.Get(2).(lua.LString)
		for _, f := range m.Fields {
			if f.Name == string(name) {
				state.Push(b.field(state, m, f))
				return 1
			}
		}
		return 0
	}))
	guard.RawSetString("__newindex", state.NewFunction(func(state *lua.LState) int {
		stack.Fail(state, "%s can't be changed", m.Name)
		return 0
	}))
	guard.RawSetString("__metatable", lua.LFalse)
	return guard
}

// field is the value of a field. It is the same table each time.
func (b *Modules) field(state *lua.LState, m module.Module, f module.Field) lua.LValue {
	key := [2]string{m.Name, f.Name}
	value, read := b.fields[key]
	if !read {
		value = toLua(state, f.Read(b.target), m.Name+"."+f.Name)
		if b.fields == nil {
			b.fields = map[[2]string]lua.LValue{}
		}
		b.fields[key] = value
	}
	return value
}
