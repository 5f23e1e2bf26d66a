package sloth

import (
	"context"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/binding"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/lower"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
	"sloth-runner/sloth/modules/all"
	"sloth-runner/sloth/modules/host"
)

// Machine is a loaded .sloth file whose tasks can be run. Its methods may be called from any goroutine; tasks run
// one at a time.
type Machine struct {
	plan *plan.Plan
	host Host
	// acting is the host as modules and the library see it.
	acting    module.Host
	functions map[plan.TaskRef]*lua.LFunction
	state     *lua.LState
	library   *library.Library
	modules   *binding.Modules
	phase     *phase
	// off is a rewriting that is left out, for tests; "" is none.
	off lower.Rule

	// mu is held while Lua code runs.
	mu     sync.Mutex
	closed bool
	// inTask and lastFailed are of the task that runs.
	inTask     bool
	lastFailed *ExecResult
}

func newMachine(host Host) *Machine {
	limitTables()
	m := &Machine{
		host:      host,
		functions: make(map[plan.TaskRef]*lua.LFunction),
		phase:     new(phase),
		state: lua.NewState(lua.Options{
			SkipOpenLibs:        true,
			CallStackSize:       maxCalls,
			MinimizeStackMemory: true,
			RegistrySize:        minStack,
			RegistryGrowStep:    stackStep,
			RegistryMaxSize:     maxStack,
		}),
	}
	if host != nil {
		m.acting = &actingHost{Host: oshost.Host{Caller: host.Caller()}, machine: m}
	}
	m.phase.leave()
	m.library = library.Open(m.state, system{m})
	m.modules = binding.Open(m.state, system{m}, all.Modules())
	m.state.SetContext(m.phase)
	return m
}

// Plan returns what the file asks for.
func (m *Machine) Plan() *plan.Plan { return m.plan }

// SetHost says what tasks read as host.name and host.vars. vars is JSON in the form that proto.Start says.
func (m *Machine) SetHost(name string, vars []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	target, err := host.Target(name, vars)
	if err == nil {
		m.modules.SetTarget(target)
	}
	return err
}

// Close frees the machine, and closes the files that its tasks left open. It may be called more than once, and
// waits for a task that runs.
func (m *Machine) Close() { m.CloseWithin(context.Background()) }

// CloseWithin is Close, and leaves to the system what it has not closed when ctx ends.
func (m *Machine) CloseWithin(ctx context.Context) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.closed = true
	// What the files' writers have to say, they were told when they wrote.
	_ = m.library.Close(ctx)
	m.state.Close()
}

// call calls a Lua function without arguments and leaves its results on the stack.
func (m *Machine) call(function *lua.LFunction, results int) (err error) {
	// gopher-lua recovers whatever is raised, but for what happens while it does so.
	fault := contained(func() {
		m.state.Push(function)
		err = m.state.PCall(0, results, nil)
	})
	if fault != nil {
		return fault
	}
	return err
}

// system is the machine as its library sees it.
type system struct{ *Machine }

func (s system) InTask() bool { return s.inTask }

func (s system) Context() context.Context { return s.phase.current }

func (s system) Flush() { s.library.Flush() }

func (s system) Host() module.Host { return s.acting }

func (s system) Reserve(n int) error {
	if s.phase.memory != nil && !s.phase.memory.reserve(uint64(n)) {
		return context.Cause(s.phase.current)
	}
	return nil
}

// Log makes a message valid UTF-8 of bounded length.
func (s system) Log(level proto.Log_Level, message string) {
	s.host.Log(level, bounds.Text(message, bounds.MaxMessage))
}

func (s system) Compile(state *lua.LState, name, source string) (*lua.LFunction, error) {
	chunk, err := s.compileWithin(s.phase.current, name, []byte(source), nil)
	if err != nil {
		return nil, err
	}
	return s.instantiate(state, chunk)
}
