package stdlib

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

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
			return l.closing(state, usable(state, f))
		}},
		{"flush", func(state *lua.LState) int {
			standing(state, l.out, "output")
			return pushOutcome(state, "", nil)
		}},
		{"input", l.defaultFile(&l.input, "r", wrap)},
		{"lines", func(state *lua.LState) int {
			if state.Get(1) == lua.LNil {
				return l.lines(state, usable(state, l.input), false)
			}
			return l.lines(state, l.mustOpen(state, checkString(state, 1), "r"), true)
		}},
		{"open", func(state *lua.LState) int { return l.ioOpen(state, wrap) }},
		{"output", l.defaultFile(&l.out, "w", wrap)},
		{"popen", unavailable("io.popen is not available; use exec.run")},
		{"read", func(state *lua.LState) int { return l.read(state, standing(state, l.input, "input"), 1) }},
		{"tmpfile", func(state *lua.LState) int { return l.tmpfile(state, wrap) }},
		{"write", func(state *lua.LState) int { return l.write(state, standing(state, l.out, "output"), 1, wrap) }},
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
		{"close", func(state *lua.LState) int { return l.closing(state, usableFile(state)) }},
		{"flush", func(state *lua.LState) int {
			usableFile(state)
			return pushOutcome(state, "", nil)
		}},
		{"lines", func(state *lua.LState) int { return l.lines(state, usableFile(state), false) }},
		{"read", func(state *lua.LState) int { return l.read(state, usableFile(state), 2) }},
		{"seek", seek},
		{"setvbuf", func(state *lua.LState) int {
			usableFile(state)
			checkOption(state, 2, "", "no", "full", "line")
			return pushOutcome(state, "", nil)
		}},
		{"write", func(state *lua.LState) int { return l.write(state, usableFile(state), 2, nil) }},
	} {
		table.RawSetString(f.name, state.NewFunction(l.onlyInTask("file:"+f.name+": "+onlyFilesInTask, f.call)))
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

func (l *Library) ioOpen(state *lua.LState, wrap wrapper) int {
	path := checkString(state, 1)
	f, err := l.openFile(state, path, optString(state, 2, "r"))
	if err != nil {
		return pushOutcome(state, path, err)
	}
	state.Push(wrap(state, f))
	return 1
}

// openFile opens a file of the host by one of C's modes.
func (l *Library) openFile(state *lua.LState, path, mode string) (*file, error) {
	flags, err := openFlags(mode)
	if err != nil {
		return nil, err
	}
	var handle *os.File
	open := func() (err error) {
		handle, err = os.OpenFile(path, flags, 0o666)
		return err
	}
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

// openFlags are the system's flags for a mode of C's fopen, which overlooks letters that it does not know.
func openFlags(mode string) (int, error) {
	if mode == "" {
		return 0, syscall.EINVAL
	}
	access := os.O_WRONLY
	if strings.Contains(mode[1:], "+") {
		access = os.O_RDWR
	}
	if strings.Contains(mode[1:], "x") {
		access |= os.O_EXCL
	}
	switch mode[0] {
	case 'r':
		return access &^ os.O_WRONLY, nil
	case 'w':
		return access | os.O_CREATE | os.O_TRUNC, nil
	case 'a':
		return access | os.O_CREATE | os.O_APPEND, nil
	default:
		return 0, syscall.EINVAL
	}
}

func (l *Library) mustOpen(state *lua.LState, path, mode string) *file {
	f, err := l.openFile(state, path, mode)
	if err != nil {
		argError(state, 1, "%s: %s", path, reason(err))
	}
	return f
}

// defaultFile is io.input and io.output: it returns the default file, after setting it to a file or a path.
func (l *Library) defaultFile(current **file, mode string, wrap wrapper) lua.LGFunction {
	return func(state *lua.LState) int {
		if path, ok := toText(state.Get(1)); ok {
			*current = l.mustOpen(state, path, mode)
		} else if state.Get(1) != lua.LNil {
			*current = usableFile(state)
		}
		state.Push(wrap(state, *current))
		return 1
	}
}

// lines returns an iterator over the lines of a file.
func (l *Library) lines(state *lua.LState, f *file, closeAtEnd bool) int {
	state.Push(state.NewFunction(func(state *lua.LState) int {
		if f.closed {
			fail(state, "file is already closed")
		}
		value, err := l.readOne(state, f, readLine)
		if err != nil && err != io.EOF {
			fail(state, "%s", reason(err))
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

// write writes the arguments from first on, and returns the file.
func (l *Library) write(state *lua.LState, f *file, first int, wrap wrapper) int {
	for i, top := first, state.GetTop(); i <= top; i++ {
		text := []byte(checkString(state, i))
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
			return pushOutcome(state, "", err)
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
	f := usableFile(state)
	option := checkOption(state, 2, "cur", "set", "cur", "end")
	whence := map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}[option]
	place, err := f.seek(int64(optInt(state, 3, 0)), whence)
	if err != nil {
		return pushOutcome(state, "", err)
	}
	state.Push(lua.LNumber(place))
	return 1
}

// tmpfile opens a file that has no name any more.
func (l *Library) tmpfile(state *lua.LState, wrap wrapper) int {
	handle, err := os.CreateTemp("", "lua_")
	if err != nil {
		return pushOutcome(state, "", err)
	}
	if err := os.Remove(handle.Name()); err != nil {
		_ = handle.Close()
		return pushOutcome(state, "", err)
	}
	f := newFile(handle)
	l.open[f] = struct{}{}
	state.Push(wrap(state, f))
	return 1
}

func fileType(state *lua.LState) int {
	f, ok := toFile(checkAny(state, 1))
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
