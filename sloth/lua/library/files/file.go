package files

import (
	"bufio"
	"errors"
	"io"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// errClosed is what every use of a closed file says.
var errClosed = errors.New("attempt to use a closed file")

// file is a Lua file: one of the host, or one of the three standard ones, which are no files of the process: the
// agent may speak to its operator through those.
type file struct {
	name   string
	closed bool
	handle module.File
	// reader is nil until the file is read.
	reader *bufio.Reader
	// failed is the error of the last call that filled the reader.
	failed error
	// log takes what is written to a standard file.
	log *logWriter
}

// standardFile returns io.stdin, which is empty, io.stdout or io.stderr.
func standardFile(name string, log *logWriter) *file { return &file{name: name, log: log} }

// newFile returns a file of the host, which is closed with the library.
func (l *Files) newFile(handle module.File) *file {
	f := &file{name: handle.Name(), handle: handle}
	l.open[f] = struct{}{}
	return f
}

// bufferSize is how much of a file is read at once. Each such call costs the start of a goroutine.
const bufferSize = 32 << 10

// readerOf returns the file's reader.
func (l *Files) readerOf(f *file) (*bufio.Reader, error) {
	switch {
	case f.closed:
		return nil, errClosed
	case f.handle == nil:
		return nil, io.EOF
	case f.reader == nil:
		f.reader = bufio.NewReaderSize(source{l, f}, bufferSize)
	}
	return f.reader, nil
}

// writeFile writes after what was read, as C's streams do.
func (l *Files) writeFile(f *file, data []byte) error {
	switch {
	case f.closed:
		return errClosed
	case f.log != nil:
		_, err := f.log.Write(data)
		return err
	case f.handle == nil:
		return syscall.EBADF
	}
	if err := l.dropReadAhead(f); err != nil {
		return err
	}
	_, err := f.handle.Write(l.in("file:write"), data)
	return l.used(f, err)
}

// dropReadAhead puts the file's position where Lua code believes it to be.
func (l *Files) dropReadAhead(f *file) error {
	if f.reader == nil {
		return nil
	}
	if ahead := f.reader.Buffered(); ahead > 0 {
		if _, err := l.seekFile(f, int64(-ahead), io.SeekCurrent); err != nil {
			return err
		}
	}
	f.reader.Reset(source{l, f})
	return nil
}

func (l *Files) seekFile(f *file, offset int64, whence int) (int64, error) {
	place, err := f.handle.Seek(l.in("file:seek"), offset, whence)
	return place, l.used(f, err)
}

// used takes the error of a call with a file. One that was left in the middle of it is closed by the host: nothing else may use it
// then.
func (l *Files) used(f *file, err error) error {
	if err == nil {
		return nil
	}
	if _, left := errors.AsType[abandon.Left](err); left {
		f.closed = true
		delete(l.open, f)
	}
	return err
}

// closeFile closes a file of the host; the standard files stay open.
func (l *Files) closeFile(f *file) error {
	if f.closed {
		return errClosed
	}
	if f.handle == nil {
		return nil
	}
	f.closed = true
	delete(l.open, f)
	return f.handle.Close(l.in("file:close"))
}

// closing closes a file for Lua code.
func (l *Files) closing(state *lua.LState, f *file) int {
	if f.handle == nil {
		state.Push(lua.LNil)
		state.Push(lua.LString("cannot close standard file"))
		return 2
	}
	err := l.closeFile(f)
	FailIfLeft(state, err)
	return PushOutcome(state, "", err)
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
		arg.FailType(state, argument, "FILE*")
	}
	return f
}

// usableFile returns the file that is the function's first argument, if it is not closed.
func usableFile(state *lua.LState) *file { return usable(state, checkFile(state, 1)) }

func usable(state *lua.LState, f *file) *file {
	if f.closed {
		stack.Fail(state, "%s", errClosed)
	}
	return f
}

// standing returns a default file, if it is not closed.
func standing(state *lua.LState, f *file, name string) *file {
	if f.closed {
		stack.Fail(state, "standard %s file is closed", name)
	}
	return f
}

// source is what a file's buffer is filled from.
type source struct {
	files *Files
	file  *file
}

// Read implements io.Reader.
func (s source) Read(buffer []byte) (int, error) {
	n, err := s.file.handle.Read(s.files.in("file:read"), buffer)
	s.file.failed = s.files.used(s.file, err)
	return n, err
}
