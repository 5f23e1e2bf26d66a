package library

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/stack"
)

// load joins the pieces that a function returns, or takes a string. Byte code is not understood.
func (l *Library) load(state *lua.LState) int {
	if text, ok := state.Get(1).(lua.LString); ok {
		return l.loadSource(state, string(text), arg.OptString(state, 2, string(text)))
	}
	reader, name := arg.Function(state, 1), arg.OptString(state, 2, "=(load)")
	source := l.text(state)
	for {
		state.SetTop(0)
		state.Push(reader)
		err := l.protected(state)
		piece := state.Get(1)
		text, ok := arg.ToText(piece)
		switch {
		case err != nil:
			state.Push(lua.LNil)
			state.Push(ErrorValue(err))
			return 2
		case !ok && piece != lua.LNil:
			state.Push(lua.LNil)
			state.Push(lua.LString(stack.Place(state) + "reader function must return a string"))
			return 2
		}
		if text == "" {
			return l.loadSource(state, string(source.value()), name)
		}
		source.write(text)
	}
}

func (l *Library) loadString(state *lua.LState) int {
	source := arg.String(state, 1)
	return l.loadSource(state, source, arg.OptString(state, 2, source))
}

func (l *Library) loadSource(state *lua.LState, source, name string) int {
	function, err := l.system.Compile(state, chunkName(name), source)
	if err != nil {
		state.Push(lua.LNil)
		state.Push(lua.LString(err.Error()))
		return 2
	}
	state.Push(function)
	return 1
}

// chunkName is how messages name a chunk, as luaO_chunkid of C's Lua has it: "=name" and "@file" are what they say, anything
// else is source text, of which the first line is shown.
func chunkName(name string) string {
	const longest = 59
	if name != "" && name[0] == '=' {
		return name[1:min(len(name), longest+1)]
	}
	if name != "" && name[0] == '@' {
		name = name[1:]
		const room = longest - len(" '...' ")
		if len(name) > room {
			name = "..." + name[len(name)-room:]
		}
		return name
	}
	const room = longest - len(` [string "..."] `)
	line := name
	if end := strings.IndexAny(line, "\n\r"); end >= 0 {
		line = line[:end]
	}
	line = line[:min(len(line), room)]
	if line != name {
		line += "..."
	}
	return `[string "` + line + `"]`
}

// print is log.info: at the file's top level it does nothing.
func (l *Library) print(state *lua.LState) int {
	if l.system.InTask() {
		l.Flush()
		l.system.Log(proto.Log_INFO, Printed(state, 1))
	}
	return 0
}

// Printed joins the arguments from first on as print does, with tabs. What is far behind bounds.MaxMessage may be absent.
func Printed(state *lua.LState, first int) string {
	var message strings.Builder
	for i, top := first, state.GetTop(); i <= top && message.Len() <= bounds.MaxMessage; i++ {
		if i > first {
			message.WriteByte('\t')
		}
		// It may call Lua code.
		message.WriteString(display(state, state.Get(i)))
	}
	return message.String()
}
