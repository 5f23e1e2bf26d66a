package sloth

import (
	"context"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/vm"
	"sloth-runner/sloth/module"
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
	// offers are those of the file, as it is loaded.
	offers []plan.Offer
	vm     *vm.VM

	// mu is held while Lua code runs.
	mu     sync.Mutex
	closed bool
	// inTask and lastFailed are of the task that runs, and so is endTask, which ends it for that reason.
	inTask     bool
	lastFailed *ExecResult
	endTask    context.CancelCauseFunc
}

func newMachine(host Host) *Machine {
	m := &Machine{host: host, functions: make(map[plan.TaskRef]*lua.LFunction), endTask: func(error) {}}
	if host != nil {
		m.acting = newActingHost(m)
	}
	m.vm = vm.New(system{m}, all.Modules())
	m.vm.Define("offer", m.offer)
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
		m.vm.SetTarget(target)
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
	m.vm.Close(ctx)
}

// system is the machine as its VM sees it.
type system struct{ machine *Machine }

func (s system) InTask() bool { return s.machine.inTask }

func (s system) Host() module.Host { return s.machine.acting }

func (s system) Offered() module.Offered { return s.machine.host.Offered() }

func (s system) Log(level proto.Log_Level, message string) { s.machine.host.Log(level, message) }

func (s system) Change(function string, change module.Change) {
	s.machine.host.Change(function, change)
}

// EndTask ends the task that runs, also where its code would catch errors.
func (s system) EndTask(why module.NotDone) { s.machine.endTask(why) }

func (s system) DryRun() bool { return s.machine.host != nil && s.machine.host.DryRun() }
