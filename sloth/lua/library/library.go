package library

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/library/files"
	"sloth-runner/sloth/lua/stack"
)

// maxNesting is how many protected calls and coroutines may run inside each other, as in Lua, where each takes a
// part of C's stack. Here it is Go's; and an error that each of them passes on is made anew in each.
const maxNesting = 200

// System is what the library acts on. Its methods are called from the goroutine that runs the Lua code.
type System interface {
	files.System
	// Compile turns source text into a function of the state, which may be a coroutine's.
	Compile(state *lua.LState, name, source string) (*lua.LFunction, error)
}

// function is an entry of a table.
type function define.Function

// Library is the library of one Lua state.
type Library struct {
	*files.Files
	system System
	// cuts are where protected calls have cut off the frames before them, the innermost last.
	cuts []cut
	// yieldedLast are coroutines whose last call is the one of yield that they wait in.
	yieldedLast map[*lua.LState]bool
	// depth is how many protected calls and coroutines run inside each other.
	depth int
}

// Open puts the library into a new state.
func Open(state *lua.LState, system System) *Library {
	l := &Library{system: system, yieldedLast: make(map[*lua.LState]bool)}
	l.openBase(state)
	l.openString(state)
	openTypeErrors(state)
	l.openTable(state)
	l.openMath(state)
	l.openCoroutine(state)
	l.openOS(state)
	l.Files = files.Open(state, system)
	return l
}

// standard opens one of gopher-lua's own modules.
func standard(state *lua.LState, open lua.LGFunction) {
	state.Push(state.NewFunction(open))
	state.Call(0, 0)
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
