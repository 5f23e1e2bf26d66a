package sloth

import (
	"context"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/lower"
)

// Machine is a loaded .sloth file whose tasks can be run. Its methods may be called from any goroutine; tasks run
// one at a time.
type Machine struct {
	plan      *plan.Plan
	host      Host
	functions map[plan.TaskRef]*lua.LFunction
	state     *lua.LState
	library   *library.Library
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
	m.phase.leave()
	m.library = library.Open(m.state, system{m})
	m.state.SetContext(m.phase)
	return m
}

// Plan returns what the file asks for.
func (m *Machine) Plan() *plan.Plan { return m.plan }

// SetHost says what tasks read as host.name and host.vars. vars is JSON in the form that proto.Start says.
func (m *Machine) SetHost(name string, vars []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.library.SetHost(m.state, name, vars)
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

func (s system) Caller() *abandon.Caller { return s.host.Caller() }

func (s system) Reserve(n int) error {
	if s.phase.memory != nil && !s.phase.memory.reserve(uint64(n)) {
		return context.Cause(s.phase.current)
	}
	return nil
}

func (s system) Log(level proto.Log_Level, message string) { s.host.Log(level, message) }

func (s system) Exec(command string) (library.Result, error) {
	result, err := s.host.Exec(s.phase.current, command)
	if err != nil {
		return library.Result{}, err
	}
	if result.ExitCode != 0 || result.Signal != "" {
		s.lastFailed = &result
	}
	return library.Result{
		Stdout:    result.Stdout,
		Stderr:    result.Stderr,
		Truncated: result.Truncated,
		ExitCode:  result.ExitCode,
		Signal:    result.Signal,
		Duration:  result.Duration,
	}, nil
}

func (s system) Compile(state *lua.LState, name, source string) (*lua.LFunction, error) {
	chunk, err := s.compileWithin(s.phase.current, name, []byte(source), nil)
	if err != nil {
		return nil, err
	}
	return s.instantiate(state, chunk)
}
