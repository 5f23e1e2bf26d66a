package sloth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/quote"
)

// maxMessage bounds, in bytes, what a task has to say at its end.
const maxMessage = 16 << 10

// TaskResult is what became of a task's function.
type TaskResult struct {
	OK bool
	// Message is what the function returned beside its outcome, or why it failed: valid UTF-8, at most 16 KiB.
	Message string
	// Traceback has the Lua calls that led to an error, one a line, the innermost first; "" when there was none.
	Traceback string
	// LastFailed is the last command of the task that failed, also when the task did not; nil: none.
	LastFailed *ExecResult
	// Err is set when the task was stopped before its end: the cause of ctx, or that it took too much memory.
	Err error
}

// Run runs a task whose command is a function. It returns when the function does, or soon after ctx ends: Lua code
// is stopped at the next instruction, also where it would catch errors.
//
// The function's first value is the outcome, the second a message:
//
//	nothing, true          success
//	false, nil             failure
//	a string               success, and the message
//	a result of exec.run   success or failure of that command
//	anything else          failure, as nobody can tell what was meant
//
// A Lua error is a failure whose message has the place: "file:line: text".
func (m *Machine) Run(ctx context.Context, group, task string) TaskResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	function := m.functions[plan.Ref(group, task)]
	switch {
	case m.closed:
		return TaskResult{Message: "the file is closed"}
	case m.host == nil:
		return TaskResult{Message: "no host to run tasks on"}
	case function == nil:
		return TaskResult{Message: fmt.Sprintf("%s has no task %s with a function", quote.Text(group), quote.Text(task))}
	case ctx.Err() != nil:
		return stopped(TaskResult{}, context.Cause(ctx))
	}
	return m.run(ctx, function)
}

func (m *Machine) run(ctx context.Context, function *lua.LFunction) TaskResult {
	bounds, stop := taskLimits().bound(ctx, m.phase)
	defer stop()
	m.inTask, m.lastFailed = true, nil
	defer func() {
		m.inTask = false
		m.state.SetTop(0)
	}()

	result := TaskResult{}
	err := m.call(function, lua.MultRet)
	if fault := contained(func() { result = m.result(err) }); fault != nil {
		result = TaskResult{Message: placeOf(function) + fault.Error()}
	}
	if cause := context.Cause(bounds); err != nil && cause != nil {
		result = stopped(result, cause)
	}
	result.LastFailed = m.lastFailed
	return result
}

// result is what became of a call, whose values are on the stack when err is nil.
func (m *Machine) result(err error) TaskResult {
	result := TaskResult{}
	if err == nil {
		result.OK, result.Message = m.returned()
	}
	m.library.Flush()
	if err != nil {
		raised := m.raised(err)
		result.Message, result.Traceback = raised.message, raised.traceback
	}
	return result
}

// stopped is the result of a task that was not allowed to end.
func stopped(result TaskResult, cause error) TaskResult {
	result.OK, result.Err = false, cause
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		result.Message = "timed out"
	case errors.Is(cause, context.Canceled):
		result.Message = "cancelled"
	default:
		result.Message = bounds.Text(cause.Error(), maxMessage)
	}
	return result
}

// returned reads the values that the function left on the stack.
func (m *Machine) returned() (ok bool, message string) {
	first, second := m.state.Get(1), m.state.Get(2)
	if m.state.GetTop() == 0 {
		return true, ""
	}
	message = m.message(second)
	switch value := first.(type) {
	case lua.LBool:
		return bool(value), message
	case *lua.LNilType:
		if message == "" {
			message = "the command function returned nil"
		}
		return false, message
	case lua.LString:
		return true, m.message(first)
	case *lua.LTable:
		if success, is := value.RawGetString("success").(lua.LBool); is {
			if message == "" && !bool(success) {
				message = commandMessage(value)
			}
			return bool(success), message
		}
	}
	return false, "the command function returned " + kind(first) + "; it has to return true or false, and a message"
}

// commandMessage says how the command of a result of exec.run failed.
func commandMessage(result *lua.LTable) string {
	if signal, ok := result.RawGetString("signal").(lua.LString); ok {
		return bounds.Text("command ended by "+string(signal), maxMessage)
	}
	if code, ok := result.RawGetString("exit_code").(lua.LNumber); ok {
		return "command failed with exit code " + strconv.Itoa(int(code))
	}
	return "command failed"
}

// message makes any value into a text.
func (m *Machine) message(value lua.LValue) string {
	switch v := value.(type) {
	case *lua.LNilType:
		return ""
	case lua.LString:
		return bounds.Text(strings.TrimRight(string(v), "\n"), maxMessage)
	case lua.LNumber:
		return arg.FormatNumber(v)
	case lua.LBool:
		return v.String()
	default:
		return render(v)
	}
}
