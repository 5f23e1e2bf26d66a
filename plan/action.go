package plan

// MaxArgument is the length in bytes of the longest argument of a program, and with it of a shell command: Linux takes
// 128 KiB, the byte at its end included (MAX_ARG_STRLEN; execve(2)).
const MaxArgument = 128<<10 - 1

// Action is what a task does on each of its hosts: Function, Shell, Command, Script, Call or Setup.
type Action interface{ action() }

// Function is the Lua function that the task's command is in the plan's file.
type Function struct{}

// Shell is a line for a POSIX shell, in UTF-8, of at most MaxArgument bytes.
type Shell struct{ Line string }

// Command is a program and its arguments, any bytes without NUL, which run without a shell.
type Command struct{ Words []string }

// Call is a call of a function that agents have: its arguments are strings, numbers, booleans, lists, and tables of these by name.
type Call struct {
	Function  string
	Arguments []any
}

// Setup is a step in making a persistent agent of a host, or none of it. The agent does it itself; runner.Job says what
// it is, host by host.
type Setup struct{}

func (Function) action() {}
func (Shell) action()    {}
func (Command) action()  {}
func (*Script) action()  {}
func (Call) action()     {}
func (Setup) action()    {}
