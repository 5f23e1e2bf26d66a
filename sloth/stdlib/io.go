package stdlib

import (
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
)

const onlyFilesInTask = "files can be used only inside a task"

// openIO defines the module io. io.stdin is empty; what is written to io.stdout and io.stderr is logged by lines, as
// information and as warnings.
func (l *Library) openIO(state *lua.LState) {
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
			return pushOutcome(state, f.name, l.closeFile(f))
		}},
		{"flush", func(state *lua.LState) int { return pushOutcome(state, "", nil) }},
		{"input", l.defaultFile(&l.input, "r", wrap)},
		{"lines", func(state *lua.LState) int {
			if state.Get(1) == lua.LNil {
				return l.lines(state, l.input, false)
			}
			return l.lines(state, l.mustOpen(state, state.CheckString(1), "r"), true)
		}},
		{"open", func(state *lua.LState) int { return l.ioOpen(state, wrap) }},
		{"output", l.defaultFile(&l.out, "w", wrap)},
		{"popen", unavailable("io.popen is not available; use exec.run")},
		{"read", func(state *lua.LState) int { return l.read(state, l.input, 1) }},
		{"tmpfile", func(state *lua.LState) int { return l.tmpfile(state, wrap) }},
		{"write", func(state *lua.LState) int { return l.write(state, l.out, 1, wrap) }},
	}
	for i, f := range functions {
		functions[i].call = l.onlyInTask("io."+f.name+": "+onlyFilesInTask, f.call)
	}
	table := l.module(state, "io", append(functions, function{"type", fileType})...)
	table.RawSetString("stdin", wrap(state, l.input))
	table.RawSetString("stdout", wrap(state, l.out))
	table.RawSetString("stderr", wrap(state, standardFile("stderr", l.failures)))
}

// methods makes the metatable of files.
func (l *Library) methods(state *lua.LState) *lua.LTable {
	table := state.CreateTable(0, 10)
	for _, f := range []function{
		{"close", func(state *lua.LState) int {
			f := checkFile(state, 1)
			return pushOutcome(state, f.name, l.closeFile(f))
		}},
		{"flush", func(state *lua.LState) int { return pushOutcome(state, "", nil) }},
		{"lines", func(state *lua.LState) int { return l.lines(state, checkFile(state, 1), false) }},
		{"read", func(state *lua.LState) int { return l.read(state, checkFile(state, 1), 2) }},
		{"seek", seek},
		{"setvbuf", func(state *lua.LState) int { return pushOutcome(state, "", nil) }},
		{"write", func(state *lua.LState) int { return l.write(state, checkFile(state, 1), 2, nil) }},
	} {
		table.RawSetString(f.name, state.NewFunction(l.onlyInTask("file:"+f.name+": "+onlyFilesInTask, f.call)))
	}
	table.RawSetString("__index", table)
	table.RawSetString("__metatable", lua.LFalse)
	return table
}

type wrapper func(*lua.LState, *file) *lua.LUserData

func (l *Library) ioOpen(state *lua.LState, wrap wrapper) int {
	path := state.CheckString(1)
	f, err := l.openFile(state, path, state.OptString(2, "r"))
	if err != nil {
		return pushOutcome(state, path, err)
	}
	state.Push(wrap(state, f))
	return 1
}

// openFile opens a file of the host by one of C's modes.
func (l *Library) openFile(state *lua.LState, path, mode string) (*file, error) {
	flags, ok := map[string]int{
		"r": os.O_RDONLY, "r+": os.O_RDWR,
		"w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC,
		"a": os.O_WRONLY | os.O_CREATE | os.O_APPEND, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	}[strings.Replace(mode, "b", "", 1)]
	if !ok {
		state.ArgError(2, "invalid mode")
	}
	var handle *os.File
	open := func() (err error) {
		handle, err = os.OpenFile(path, flags, 0o666)
		return err
	}
	var err error
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() {
		err = l.blocking(state, open, func(ended <-chan struct{}) {
			go func() {
				<-ended
				// It is nil, and closing it an error, when it could not be opened after all.
				_ = handle.Close()
			}()
		})
	} else {
		err = open()
	}
	if err != nil {
		return nil, err
	}
	f := newFile(handle)
	l.open[f] = struct{}{}
	return f, nil
}

func (l *Library) mustOpen(state *lua.LState, path, mode string) *file {
	f, err := l.openFile(state, path, mode)
	if err != nil {
		state.RaiseError("%s: %s", path, reason(err))
	}
	return f
}

// defaultFile is io.input and io.output: it returns the default file, after setting it to a file or a path.
func (l *Library) defaultFile(current **file, mode string, wrap wrapper) lua.LGFunction {
	return func(state *lua.LState) int {
		switch argument := state.Get(1).(type) {
		case *lua.LNilType:
		case lua.LString:
			*current = l.mustOpen(state, string(argument), mode)
		default:
			*current = checkFile(state, 1)
		}
		state.Push(wrap(state, *current))
		return 1
	}
}

// lines returns an iterator over the lines of a file.
func (l *Library) lines(state *lua.LState, f *file, closeAtEnd bool) int {
	state.Push(state.NewFunction(func(state *lua.LState) int {
		value, err := l.readOne(state, f, lua.LString("*l"))
		if err != nil && err != io.EOF {
			state.RaiseError("%s: %s", f.name, reason(err))
		}
		if value == lua.LNil && closeAtEnd {
			_ = l.closeFile(f)
		}
		state.Push(value)
		return 1
	}))
	return 1
}

// write writes the arguments from first on, and returns the file.
func (l *Library) write(state *lua.LState, f *file, first int, wrap wrapper) int {
	for i, top := first, state.GetTop(); i <= top; i++ {
		text := []byte(state.CheckString(i))
		send := func() error {
			_, err := f.Write(text)
			return err
		}
		var err error
		if f.regular {
			err = send()
		} else {
			err = l.blocking(state, send, l.abandon(f))
		}
		if err != nil {
			return pushOutcome(state, f.name, err)
		}
	}
	if wrap != nil {
		state.Push(wrap(state, f))
	} else {
		state.Push(state.Get(1))
	}
	return 1
}

func seek(state *lua.LState) int {
	f := checkFile(state, 1)
	whence, ok := map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}[state.OptString(2, "cur")]
	if !ok {
		state.ArgError(2, "invalid option")
	}
	place, err := f.seek(state.OptInt64(3, 0), whence)
	if err != nil {
		return pushOutcome(state, f.name, err)
	}
	state.Push(lua.LNumber(place))
	return 1
}

// tmpfile opens a file that has no name any more.
func (l *Library) tmpfile(state *lua.LState, wrap wrapper) int {
	handle, err := os.CreateTemp("", "lua_")
	if err != nil {
		return pushOutcome(state, "tmpfile", err)
	}
	if err := os.Remove(handle.Name()); err != nil {
		_ = handle.Close()
		return pushOutcome(state, "tmpfile", err)
	}
	f := newFile(handle)
	l.open[f] = struct{}{}
	state.Push(wrap(state, f))
	return 1
}

func fileType(state *lua.LState) int {
	if data, ok := state.CheckAny(1).(*lua.LUserData); ok {
		if f, ok := data.Value.(*file); ok {
			kind := "file"
			if f.closed {
				kind = "closed file"
			}
			state.Push(lua.LString(kind))
			return 1
		}
	}
	state.Push(lua.LNil)
	return 1
}
