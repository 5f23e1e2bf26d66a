package agent

import (
	"context"
	"slices"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

// load loads the plan's file, for tasks that are Lua functions. If this host has no such task, the machine is nil: most
// runs need no Lua.
func (s *session) load(ctx context.Context, host *taskHost) (*sloth.Machine, *proto.Failure) {
	if !slices.ContainsFunc(s.start.GetTasks(), func(t *proto.Task) bool { return t.GetHere() && isFunction(t) }) {
		return nil, nil
	}
	machine, err := sloth.Open(ctx, s.start.GetFile(), s.start.GetSource(), host)
	if err != nil {
		return nil, &proto.Failure{
			Stage:  proto.StageOf(fault.Load),
			Reason: "the file can't be loaded on this host: " + err.Error(),
			Hint:   "a file that loads only on the operator's machine depends on something that is not in it",
		}
	}
	if err := machine.SetHost(s.start.GetHost(), s.start.GetVars()); err != nil {
		machine.Close()
		return nil, &proto.Failure{Stage: proto.StageOf(fault.Load), Reason: "the variables of this host can't be read: " + err.Error()}
	}
	if difference := compare(s.start.GetTasks(), machine.Plan()); difference != "" {
		machine.Close()
		return nil, &proto.Failure{
			Stage:  proto.StageOf(fault.Load),
			Reason: "the file makes other tasks on this host than on the operator's machine: " + difference,
			Hint:   "what a file defines must not depend on where or when it is loaded; decide inside a task's command instead",
		}
	}
	return machine, nil
}

// UsesFiles reports whether a task may ask the operator for files, or send some.
func UsesFiles(task *proto.Task) bool { return task.Call != nil || isFunction(task) }

// isFunction reports whether a task is a Lua function of the plan's file.
func isFunction(task *proto.Task) bool {
	return task.Setup == nil && task.Script == nil && task.Call == nil && len(task.GetArgv()) == 0 && task.Shell == nil
}
