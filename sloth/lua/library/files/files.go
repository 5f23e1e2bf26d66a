package files

import (
	"context"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// System is what files need. Its methods are called from the goroutine that runs the Lua code.
type System interface {
	bounds.Memory
	// InTask reports whether a task runs, and not the file's own top level.
	InTask() bool
	// Context ends when the Lua code has to.
	Context() context.Context
	// Host has the files. It is asked for only in a task.
	Host() module.Host
	// Log passes on a message.
	Log(level proto.Log_Level, message string)
}

// function is an entry of a table.
type function define.Function

// Files are the files of one Lua state.
type Files struct {
	system System
	// open are the files to close with the state.
	open map[*file]struct{}
	// output and failures are what io.stdout and io.stderr write to.
	output, failures *logWriter
	// input and out are the default files of io.read and io.write.
	input, out *file
}

// Flush logs what was written to io.stdout and io.stderr without a newline at its end.
func (l *Files) Flush() {
	l.output.flush()
	l.failures.flush()
}

// Close closes the files that were left open. It returns when ctx has ended, whether the system has closed them or not.
func (l *Files) Close(ctx context.Context) error {
	if len(l.open) == 0 {
		return nil
	}
	handles := make([]module.File, 0, len(l.open))
	for f := range l.open {
		f.closed = true
		handles = append(handles, f.handle)
	}
	clear(l.open)
	return l.system.Host().CloseAll(module.InCall(ctx, "file:close"), handles)
}

// in is the context of a call into the system for the Lua function of that name.
func (l *Files) in(name string) context.Context { return module.InCall(l.system.Context(), name) }

// FailIfLeft fails for the errors that are none of the file's: the Lua code has to end, or too many calls have not come back.
func FailIfLeft(state *lua.LState, err error) {
	if err == nil {
		return // this is called for each line that is read
	}
	if left, ok := errors.AsType[abandon.Left](err); ok {
		stack.Fail(state, "%s", left)
	}
	if many, ok := errors.AsType[abandon.TooMany](err); ok {
		stack.Fail(state, "%s", many)
	}
}
