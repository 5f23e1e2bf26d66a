package files

import (
	"fmt"
	"io"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

const onlyFilesInTask = "files can be used only inside a task"

// Open defines the module io.
func Open(state *lua.LState, system System) *Files {
	l := &Files{system: system, open: make(map[*file]struct{})}
	l.output = &logWriter{system: l.system, level: proto.Log_INFO}
	l.failures = &logWriter{system: l.system, level: proto.Log_WARN}
	l.input, l.out = standardFile("stdin", nil), standardFile("stdout", l.output)

	methods := l.methods(state)
	wrap := func(state *lua.LState, f *file) *lua.LUserData {
		data := state.NewUserData()
		data.Value, data.Metatable = f, methods
		return data
	}
	functions := []function{
		{"close", func(state *lua.LState) int {
			f := l.out
			if state.GetTop() > 0 {
				f = checkFile(state, 1)
			}
			return l.closing(state, usable(state, f))
		}},
		{"flush", func(state *lua.LState) int {
			standing(state, l.out, "output")
			return PushOutcome(state, "", nil)
		}},
		{"input", l.defaultFile("io.input", &l.input, "r", wrap)},
		{"lines", func(state *lua.LState) int {
			if state.Get(1) == lua.LNil {
				return l.lines(state, usable(state, l.input), false)
			}
			return l.lines(state, l.mustOpen(state, "io.lines", arg.String(state, 1), "r"), true)
		}},
		{"open", func(state *lua.LState) int { return l.ioOpen(state, wrap) }},
		{"output", l.defaultFile("io.output", &l.out, "w", wrap)},
		{"popen", define.Unavailable("io.popen is not available; use exec.run")},
		{"read", func(state *lua.LState) int { return l.read(state, standing(state, l.input, "input"), 1) }},
		{"tmpfile", func(state *lua.LState) int { return l.tmpfile(state, wrap) }},
		{"write", func(state *lua.LState) int { return l.write(state, standing(state, l.out, "output"), 1, wrap) }},
	}
	for i, f := range functions {
		functions[i].Call = define.OnlyIf(l.system.InTask, "io."+f.Name+": "+onlyFilesInTask, f.Call)
	}
	table := define.Table(state, "io", append(functions, function{"type", fileType})...)
	table.RawSetString("stdin", wrap(state, l.input))
	table.RawSetString("stdout", wrap(state, l.out))
	table.RawSetString("stderr", wrap(state, standardFile("stderr", l.failures)))
	return l
}

// methods makes the metatable of files.
func (l *Files) methods(state *lua.LState) *lua.LTable {
	table := state.CreateTable(0, 10)
	for _, f := range []function{
		{"close", func(state *lua.LState) int { return l.closing(state, usableFile(state)) }},
		{"flush", func(state *lua.LState) int {
			usableFile(state)
			return PushOutcome(state, "", nil)
		}},
		{"lines", func(state *lua.LState) int { return l.lines(state, usableFile(state), false) }},
		{"read", func(state *lua.LState) int { return l.read(state, usableFile(state), 2) }},
		{"seek", l.seek},
		{"setvbuf", func(state *lua.LState) int {
			usableFile(state)
			arg.Option(state, 2, "", "no", "full", "line")
			return PushOutcome(state, "", nil)
		}},
		{"write", func(state *lua.LState) int { return l.write(state, usableFile(state), 2, nil) }},
	} {
		table.RawSetString(f.Name, state.NewFunction(define.OnlyIf(l.system.InTask, "file:"+f.Name+": "+onlyFilesInTask, f.Call)))
	}
	table.RawSetString("__index", table)
	table.RawSetString("__tostring", state.NewFunction(func(state *lua.LState) int {
		text := fmt.Sprintf("file (%p)", checkFile(state, 1))
		if checkFile(state, 1).closed {
			text = "file (closed)"
		}
		state.Push(lua.LString(text))
		return 1
	}))
	table.RawSetString("__metatable", lua.LFalse)
	return table
}

type wrapper func(*lua.LState, *file) *lua.LUserData

// defaultFile is io.input and io.output: it returns the default file, after setting it to a file or a path.
func (l *Files) defaultFile(name string, current **file, mode string, wrap wrapper) lua.LGFunction {
	return func(state *lua.LState) int {
		if path, ok := arg.ToText(state.Get(1)); ok {
			*current = l.mustOpen(state, name, path, mode)
		} else if state.Get(1) != lua.LNil {
			*current = usableFile(state)
		}
		state.Push(wrap(state, *current))
		return 1
	}
}

// lines returns an iterator over the lines of a file.
func (l *Files) lines(state *lua.LState, f *file, closeAtEnd bool) int {
	state.Push(state.NewFunction(func(state *lua.LState) int {
		if f.closed {
			stack.Fail(state, "file is already closed")
		}
		value, err := l.readOne(state, f, readLine)
		if err != nil && err != io.EOF {
			stack.Fail(state, "%s", Reason(err))
		}
		if value == lua.LNil {
			if closeAtEnd {
				_ = l.closeFile(f)
			}
			return 0
		}
		state.Push(value)
		return 1
	}))
	return 1
}

// maxJoined is about how many bytes of a call's arguments are written in one piece.
const maxJoined = 64 << 10

// write writes the arguments from first on, and returns the file. What stands before one that is no text is written.
func (l *Files) write(state *lua.LState, f *file, first int, wrap wrapper) int {
	var joined []byte
	for i, top := first, state.GetTop(); i <= top; i++ {
		text, ok := arg.ToText(state.Get(i))
		joined = append(joined, text...)
		if ok && i < top && len(joined) < maxJoined {
			continue
		}
		if err := l.writeFile(f, joined); err != nil {
			FailIfLeft(state, err)
			return PushOutcome(state, "", err)
		}
		if !ok {
			arg.FailType(state, i, "string")
		}
		joined = nil // the call that wrote it may still have it
	}
	if wrap != nil {
		state.Push(wrap(state, f))
	} else {
		state.Push(state.Get(1))
	}
	return 1
}

func (l *Files) seek(state *lua.LState) int {
	f := usableFile(state)
	option := arg.Option(state, 2, "cur", "set", "cur", "end")
	whence := map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}[option]
	offset := int64(arg.OptInt(state, 3, 0))
	if f.handle == nil {
		return PushOutcome(state, "", syscall.ESPIPE)
	}
	err := l.dropReadAhead(f)
	var place int64
	if err == nil {
		place, err = l.seekFile(f, offset, whence)
	}
	if err != nil {
		FailIfLeft(state, err)
		return PushOutcome(state, "", err)
	}
	state.Push(lua.LNumber(place))
	return 1
}

func fileType(state *lua.LState) int {
	f, ok := toFile(arg.Any(state, 1))
	switch {
	case !ok:
		state.Push(lua.LNil)
	case f.closed:
		state.Push(lua.LString("closed file"))
	default:
		state.Push(lua.LString("file"))
	}
	return 1
}
