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
	"sloth-runner/sloth/lua/show"
	"sloth-runner/sloth/lua/vm"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// maxMessage bounds, in bytes, what a task has to say at its end.
const maxMessage = vm.MaxMessage

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
//	anything else          failure: what was meant is unknown
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
	ctx, m.endTask = context.WithCancelCause(ctx)
	defer m.endTask(nil)
	bounded, stop := m.vm.Bound(ctx, taskLimits())
	defer stop()
	m.inTask, m.lastFailed = true, nil
	defer func() { m.inTask = false }()

	result := TaskResult{}
	read := false
	err := m.vm.Call(function, func(values vm.Values, err error) {
		result = m.result(values, err)
		read = true
	})
	if !read {
		result = TaskResult{Message: vm.PlaceOf(function) + err.Error()}
	}
	switch cause := context.Cause(bounded); {
	case notDone(cause):
		result = TaskResult{OK: true, Message: bounds.Text(cause.Error(), maxMessage)}
	case err != nil && cause != nil:
		result = stopped(result, cause)
	}
	result.LastFailed = m.lastFailed
	return result
}

// notDone reports whether a dry run had to end the task. That is no failure: the task would have gone on.
func notDone(cause error) bool {
	_, is := errors.AsType[module.NotDone](cause)
	return is
}

// result is what became of a call: the values are there when err is nil.
func (m *Machine) result(values vm.Values, err error) TaskResult {
	result := TaskResult{}
	if err == nil {
		result.OK, result.Message = m.returned(values)
	}
	m.vm.Flush()
	if err != nil {
		raised := m.vm.Raised(err)
		result.Message, result.Traceback = raised.Message, raised.Traceback
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
func (m *Machine) returned(values vm.Values) (ok bool, message string) {
	first, second := values.At(1), values.At(2)
	if values.Len() == 0 {
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
	return false, "the command function returned " + show.Kind(first) + "; it has to return true or false, and a message"
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
		return show.Value(v)
	}
}
