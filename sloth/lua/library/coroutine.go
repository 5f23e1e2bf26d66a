package library

import (
	"regexp"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

// openCoroutine defines the module coroutine. A coroutine that is made while the file is loaded may run in a task,
// and one made in a task in the next: all share the machine's own context, and not, as in gopher-lua, a child of
// what was the context when they were made.
func (l *Library) openCoroutine(state *lua.LState) {
	standard(state, lua.OpenCoroutine)
	table := state.GetGlobal("coroutine").(*lua.LTable)
	original := func(name string) lua.LGFunction { return table.RawGetString(name).(*lua.LFunction).GFunction }
	create, resume := coroutineMaker(original("create")), l.nested(l.finishing(resumer(original("resume"))))
	define.Table(state, "coroutine",
		function{"create", create},
		function{"resume", func(state *lua.LState) int {
			if refusal := notResumable(state, checkCoroutine(state, 1)); refusal != "" {
				state.Push(lua.LFalse)
				state.Push(lua.LString(refusal))
				return 2
			}
			return resume(state)
		}},
		function{"running", running},
		function{"status", func(state *lua.LState) int {
			state.Push(lua.LString(status(state, checkCoroutine(state, 1))))
			return 1
		}},
		function{"wrap", func(state *lua.LState) int { return wrap(state, create, resume) }},
		function{"yield", l.yield},
	)
}

func coroutineMaker(create lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		if function, ok := state.Get(1).(*lua.LFunction); !ok || function.IsG {
			arg.Fail(state, 1, "Lua function expected")
		}
		create(state)
		state.Get(-1).(*lua.LState).SetContext(state.Context())
		return 1
	}
}

// goFault matches how Go words what goes wrong in gopher-lua itself.
var goFault = regexp.MustCompile(`^(runtime error: (invalid memory address|index out of range|slice bounds out of range|hash of)|interface conversion: )`)

// resumer makes the error of a coroutine one of Lua: gopher-lua passes on what Go says of faults of its own.
func resumer(resume lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		n := resume(state)
		if n != 2 || state.Get(-2) != lua.LFalse {
			return n
		}
		value := inLuaWords(state.Get(-1))
		if text, ok := value.(lua.LString); ok && goFault.MatchString(string(text)) {
			value = lua.LString(InternalError)
		}
		state.Pop(1)
		state.Push(value)
		return n
	}
}

// finishing is for a coroutine that yielded in a tail call, which gopher-lua leaves without an end: such a call has no frame to
// return to, and what it is resumed with is what the coroutine returns.
func (l *Library) finishing(resume lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		coroutine := state.Get(1).(*lua.LState)
		if !l.yieldedLast[coroutine] {
			return resume(state)
		}
		delete(l.yieldedLast, coroutine)
		coroutine.Dead = true
		state.Remove(1)
		state.Insert(lua.LTrue, 1)
		return state.GetTop()
	}
}

func checkCoroutine(state *lua.LState, n int) *lua.LState {
	coroutine, ok := state.Get(n).(*lua.LState)
	if !ok {
		arg.Fail(state, n, "coroutine expected")
	}
	return coroutine
}

// status is what coroutine.status says of a coroutine.
func status(state, coroutine *lua.LState) string {
	switch {
	case coroutine.Dead:
		return "dead"
	case coroutine == state:
		return "running"
	}
	// What resumed another one waits for it.
	for caller := state.Parent; caller != nil; caller = caller.Parent {
		if caller == coroutine {
			return "normal"
		}
	}
	return "suspended"
}

// notResumable says why a coroutine can't be resumed, or returns "".
func notResumable(state, coroutine *lua.LState) string {
	if now := status(state, coroutine); now != "suspended" {
		return "cannot resume " + now + " coroutine"
	}
	if coroutine == state.G.MainThread {
		return "cannot resume non-suspended coroutine"
	}
	return ""
}

// wrap is coroutine.wrap(function). An error passes through the caller's own protected calls, and not, as with gopher-lua's,
// past what they have to clean up.
func wrap(state *lua.LState, create, resume lua.LGFunction) int {
	create(state)
	coroutine := state.Get(-1).(*lua.LState)
	state.Push(state.NewFunction(func(state *lua.LState) int {
		if refusal := notResumable(state, coroutine); refusal != "" {
			stack.Fail(state, "%s", refusal)
		}
		state.Insert(coroutine, 1)
		n := resume(state)
		if ok := state.Get(-n); ok == lua.LTrue {
			return n - 1
		}
		value := state.Get(-1)
		if text, ok := arg.ToText(value); ok {
			value = lua.LString(stack.Place(state) + text)
		}
		state.Error(value, 0)
		return 0
	}))
	return 1
}

// running is coroutine.running().
func running(state *lua.LState) int {
	if state == state.G.MainThread {
		state.Push(lua.LNil)
	} else {
		state.Push(state)
	}
	return 1
}

// YieldAcross is the error of a yield inside a call from Go, which can't be left and entered again.
const YieldAcross = lua.LString("attempt to yield across metamethod/C-call boundary")

// yield is coroutine.yield(...). It returns to what resumed the coroutine only if all calls in between are Lua's own:
// gopher-lua would leave those of its own and metamethods without an end.
func (l *Library) yield(state *lua.LState) int {
	if state == state.G.MainThread || !yieldable(state) {
		state.Error(YieldAcross, 0)
	}
	f := stack.Current(state)
	if code, pc, ok := f.CalledBy(); ok && stack.Opcode(code[pc]) == lua.OP_TAILCALL && f.Parent.Parent == nil {
		l.yieldedLast[state] = true
	}
	return -1
}

func yieldable(state *lua.LState) bool {
	f := stack.Current(state)
	for ; f.Parent != nil; f = f.Parent {
		code, pc, ok := f.CalledBy()
		if !ok {
			return false
		}
		if op := stack.Opcode(code[pc]); op != lua.OP_CALL && op != lua.OP_TAILCALL {
			return false
		}
	}
	// A protected call cuts off the frames before it, and is the outermost one then: see protected.
	return !f.Fn.IsG
}
