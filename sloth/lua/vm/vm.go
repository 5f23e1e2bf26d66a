package vm

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/binding"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/lower"
	"sloth-runner/sloth/module"
)

// System is what a VM acts on. Its methods are called from the goroutine that runs the Lua code.
type System interface {
	// InTask reports whether a task runs, and not the file's own top level.
	InTask() bool
	// Host is what modules and the library act on. It is asked for only in a task, and to close what tasks left open.
	Host() module.Host
	// Offered are the files that the run offers. It is asked for only in a task.
	Offered() module.Offered
	// Log passes on a message: any text.
	Log(level proto.Log_Level, message string)
	// Change takes what a function of a module changed.
	Change(function string, change module.Change)
	// DryRun says that nothing is to be changed.
	DryRun() bool
	// EndTask ends the task that runs, for which something of a dry run is missing.
	EndTask(why module.NotDone)
}

// VM is a Lua state with its library and modules. One goroutine at a time uses it.
type VM struct {
	state   *lua.LState
	library *library.Library
	modules *binding.Modules
	phase   *phase
	// off is a rewriting that is left out, for tests; "" is none.
	off lower.Rule
}

// New returns a VM in which nothing has run yet. The caller closes it.
func New(system System, modules []module.Module) *VM {
	limitTables()
	v := &VM{
		phase: new(phase),
		state: lua.NewState(lua.Options{
			SkipOpenLibs:        true,
			CallStackSize:       maxCalls,
			MinimizeStackMemory: true,
			RegistrySize:        minStack,
			RegistryGrowStep:    stackStep,
			RegistryMaxSize:     maxStack,
		}),
	}
	v.phase.leave()
	v.library = library.Open(v.state, inside{system, v})
	v.modules = binding.Open(v.state, inside{system, v}, modules)
	v.state.SetContext(v.phase)
	return v
}

// Define makes a Go function a global one.
func (v *VM) Define(name string, call lua.LGFunction) {
	v.state.SetGlobal(name, v.state.NewFunction(call))
}

// LeaveOut has a rewriting of the source left out: then code means what gopher-lua makes of it. Tests show with it what each
// rewriting is for.
func (v *VM) LeaveOut(rule lower.Rule) { v.off = rule }

// SetTarget says what the fields of modules are about.
func (v *VM) SetTarget(target module.Target) { v.modules.SetTarget(target) }

// Globals is the table of the global variables.
func (v *VM) Globals() *lua.LTable { return v.state.G.Global }

// Bound has the Lua code that runs next end with ctx or at the limits. stop ends the watch over them.
func (v *VM) Bound(ctx context.Context, limits Limits) (bounded context.Context, stop func()) {
	return limits.bound(ctx, v.phase)
}

// Flush logs what was written to io.stdout and io.stderr without a newline at its end.
func (v *VM) Flush() { v.library.Flush() }

// Close frees the VM, and closes the files that Lua code left open. What the system has not closed when ctx ends is left to it.
func (v *VM) Close(ctx context.Context) {
	// What the files' writers have to say, they were told when they wrote.
	_ = v.library.Close(ctx)
	v.state.Close()
}
