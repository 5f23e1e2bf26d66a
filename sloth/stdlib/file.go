package stdlib

import (
	"bufio"
	"errors"
	"io"
	"os"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// errClosed is what every use of a closed file says.
var errClosed = errors.New("attempt to use a closed file")

// file is a Lua file: one of the host, or one of the three standard ones, which are no files of the process: the
// agent may speak to its operator through those.
type file struct {
	name string
	// regular files never block for long.
	regular bool
	closed  bool
	handle  *os.File
	reader  *bufio.Reader
	// log takes what is written to a standard file.
	log *logWriter
}

// standardFile returns io.stdin, which is empty, io.stdout or io.stderr.
func standardFile(name string, log *logWriter) *file {
	return &file{name: name, regular: true, log: log}
}

func newFile(handle *os.File) *file {
	info, err := handle.Stat()
	return &file{
		name:    handle.Name(),
		regular: err == nil && info.Mode().IsRegular(),
		handle:  handle,
		reader:  bufio.NewReader(handle),
	}
}

// input returns the file's reader.
func (f *file) input() (*bufio.Reader, error) {
	switch {
	case f.closed:
		return nil, errClosed
	case f.reader == nil:
		return nil, io.EOF
	default:
		return f.reader, nil
	}
}

// Write writes after what was read, as C's streams do.
func (f *file) Write(data []byte) (int, error) {
	switch {
	case f.closed:
		return 0, errClosed
	case f.log != nil:
		return f.log.Write(data)
	case f.handle == nil:
		return 0, syscall.EBADF
	}
	if err := f.dropReadAhead(); err != nil {
		return 0, err
	}
	return f.handle.Write(data)
}

// dropReadAhead puts the file's position where Lua code believes it to be.
func (f *file) dropReadAhead() error {
	if ahead := f.reader.Buffered(); ahead > 0 {
		if _, err := f.handle.Seek(int64(-ahead), io.SeekCurrent); err != nil {
			return err
		}
	}
	f.reader.Reset(f.handle)
	return nil
}

func (f *file) seek(offset int64, whence int) (int64, error) {
	switch {
	case f.closed:
		return 0, errClosed
	case f.handle == nil:
		return 0, syscall.ESPIPE
	}
	if err := f.dropReadAhead(); err != nil {
		return 0, err
	}
	return f.handle.Seek(offset, whence)
}

// closeFile closes a file of the host; the standard files stay open.
func (l *Library) closeFile(f *file) error {
	if f.closed {
		return errClosed
	}
	if f.handle == nil {
		return nil
	}
	f.closed = true
	delete(l.open, f)
	return f.handle.Close()
}

// abandon closes the file when Lua code has to leave it in the middle of an operation: nothing else may use it then.
func (l *Library) abandon(f *file) func(<-chan struct{}) {
	return func(<-chan struct{}) { _ = l.closeFile(f) }
}

// closing closes a file for Lua code.
func (l *Library) closing(state *lua.LState, f *file) int {
	if f.handle == nil {
		state.Push(lua.LNil)
		state.Push(lua.LString("cannot close standard file"))
		return 2
	}
	return pushOutcome(state, "", l.closeFile(f))
}

func toFile(value lua.LValue) (*file, bool) {
	if data, ok := value.(*lua.LUserData); ok {
		f, ok := data.Value.(*file)
		return f, ok
	}
	return nil, false
}

// checkFile returns the file that is the function's argument.
func checkFile(state *lua.LState, argument int) *file {
	f, ok := toFile(state.Get(argument))
	if !ok {
		typeError(state, argument, "FILE*")
	}
	return f
}

// usableFile returns the file that is the function's first argument, if it is not closed.
func usableFile(state *lua.LState) *file { return usable(state, checkFile(state, 1)) }

func usable(state *lua.LState, f *file) *file {
	if f.closed {
		fail(state, "%s", errClosed)
	}
	return f
}

// standing returns a default file, if it is not closed.
func standing(state *lua.LState, f *file, name string) *file {
	if f.closed {
		fail(state, "standard %s file is closed", name)
	}
	return f
}
