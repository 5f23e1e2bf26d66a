package vm

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/binding"
	"sloth-runner/sloth/lua/names"
	"sloth-runner/sloth/module"
)

// libraryNames are the names of a state in which nothing has run yet.
type libraryNames struct {
	globals *lua.LTable
	modules *binding.Modules
}

var _ names.Library = libraryNames{}

// Has reports whether the library has a global of the name.
func (l libraryNames) Has(name string) bool { return l.globals.RawGetString(name) != lua.LNil }

// Names returns the names of all globals.
func (l libraryNames) Names() []string { return namesIn(l.globals) }

// Fields returns the names in a global table; nil: it is no table.
func (l libraryNames) Fields(name string) []string {
	if names := l.modules.Names(name); names != nil {
		return names
	}
	table, ok := l.globals.RawGetString(name).(*lua.LTable)
	if !ok {
		return nil
	}
	return namesIn(table)
}

// Check returns what is wrong in a call of a function of a module.
func (l libraryNames) Check(table, function string, arguments module.Arguments) []module.Mistake {
	return l.modules.Check(table, function, arguments)
}

func namesIn(table *lua.LTable) []string {
	keys := []string{}
	table.ForEach(func(key, _ lua.LValue) {
		if name, ok := key.(lua.LString); ok {
			keys = append(keys, string(name))
		}
	})
	slices.Sort(keys)
	return keys
}

// Names are the names that a chunk finds besides its own.
func (v *VM) Names() names.Library { return libraryNames{v.state.G.Global, v.modules} }
