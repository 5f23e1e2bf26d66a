package library

import (
	"context"
	"errors"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/stack"
)

// maxNesting is how many protected calls and coroutines may run inside each other, as in Lua, where each takes a
// part of C's stack. Here it is Go's; and an error that each of them passes on is made anew in each.
const maxNesting = 200

// System is what the library acts on. Its methods are called from the goroutine that runs the Lua code.
type System interface {
	// InTask reports whether a task runs, and not the file's own top level.
	InTask() bool
	// Context ends when the Lua code has to.
	Context() context.Context
	// Caller makes the calls that may wait for ever in the system.
	Caller() *abandon.Caller
	// Reserve is asked before n bytes are allocated at once; its error ends the Lua code.
	Reserve(n int) error
	// Exec runs a shell command. The error is for commands that could not be run or were stopped.
	Exec(command string) (Result, error)
	// Log passes on a message: valid UTF-8 of bounded length.
	Log(level proto.Log_Level, message string)
	// Compile turns source text into a function of the state, which may be a coroutine's.
	Compile(state *lua.LState, name, source string) (*lua.LFunction, error)
}

// Result is what became of a shell command.
type Result struct {
	Stdout, Stderr []byte
	// Truncated: they are only the first MaxOutput bytes.
	Truncated bool
	ExitCode  int
	Signal    string
	Duration  time.Duration
}

// Library is the library of one Lua state.
type Library struct {
	system System
	// open are the files to close with the library.
	open map[*file]struct{}
	// output and failures are what io.stdout and io.stderr write to.
	output, failures *logWriter
	// host is what host.name and host.vars read; nil until SetHost.
	host *lua.LTable
	// cuts are where protected calls have cut off the frames before them, the innermost last.
	cuts []cut
	// yieldedLast are coroutines whose last call is the one of yield that they wait in.
	yieldedLast map[*lua.LState]bool
	// depth is how many protected calls and coroutines run inside each other.
	depth int
	// input and out are the default files of io.read and io.write.
	input, out *file
}

// function is an entry of a module.
type function struct {
	name string
	call lua.LGFunction
}

// Open puts the library into a new state.
func Open(state *lua.LState, system System) *Library {
	l := &Library{system: system, open: make(map[*file]struct{}), yieldedLast: make(map[*lua.LState]bool)}
	l.openBase(state)
	l.openString(state)
	openTypeErrors(state)
	l.openTable(state)
	l.openMath(state)
	l.openCoroutine(state)
	l.openOS(state)
	l.openIO(state)
	l.openExec(state)
	l.openLog(state)
	l.openHost(state)
	return l
}

// Flush logs what was written to io.stdout and io.stderr without a newline at its end.
func (l *Library) Flush() {
	l.output.flush()
	l.failures.flush()
}

// Close closes the files that were left open. It returns when ctx has ended, whether the system has closed them or not.
func (l *Library) Close(ctx context.Context) error {
	if len(l.open) == 0 {
		return nil
	}
	var handles []*os.File
	path := ""
	for f := range l.open {
		f.closed = true
		handles, path = append(handles, f.handle), f.name
	}
	clear(l.open)
	_, err := abandon.Do(ctx, l.system.Caller(), abandon.Work[struct{}]{
		Call: abandon.Call{Name: "file:close", Path: path},
		Do: func() (struct{}, error) {
			var all error
			for _, handle := range handles {
				all = errors.Join(all, handle.Close())
			}
			return struct{}{}, all
		},
	})
	return err
}

// module defines a global table with the functions.
func (l *Library) module(state *lua.LState, name string, functions ...function) *lua.LTable {
	table, ok := state.GetGlobal(name).(*lua.LTable)
	if !ok {
		table = state.CreateTable(0, len(functions))
		state.SetGlobal(name, table)
	}
	for _, f := range functions {
		table.RawSetString(f.name, state.NewFunction(f.call))
	}
	return table
}

// standard opens one of gopher-lua's own modules.
func standard(state *lua.LState, open lua.LGFunction) {
	state.Push(state.NewFunction(open))
	state.Call(0, 0)
}

// onlyInTask makes a function fail at the file's top level. why completes "name: ...".
func (l *Library) onlyInTask(why string, call lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		if !l.system.InTask() {
			stack.Fail(state, "%s", why)
		}
		return call(state)
	}
}

// nested bounds how deep a function that calls Lua code may be inside others of its kind.
func (l *Library) nested(call lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		if l.depth >= maxNesting {
			stack.Fail(state, "too many protected calls or coroutines inside each other")
		}
		l.depth++
		defer func() { l.depth-- }()
		return call(state)
	}
}

// unavailable makes a function that fails with the reason.
func unavailable(why string) lua.LGFunction {
	return func(state *lua.LState) int {
		stack.Fail(state, "%s", why)
		return 0
	}
}

// kind names a value's type with its article.
func kind(value lua.LValue) string {
	if value == lua.LNil {
		return "nil"
	}
	return "a " + value.Type().String()
}

// interrupted returns why the Lua code has to end, or nil.
func (l *Library) interrupted() error { return context.Cause(l.system.Context()) }

// pause is called at each step of what may take many, and fails when the Lua code has to end.
func (l *Library) pause(state *lua.LState, step int) {
	if step&4095 == 4095 {
		if err := l.interrupted(); err != nil {
			stack.Fail(state, "%s", err)
		}
	}
}
