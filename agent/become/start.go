package become

import (
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"sloth-runner/agent"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// childStart returns the run for the child agent of an account: all that its parent got, except what decides which tasks
// run where and when. It is a copy, so that new fields of the protocol reach the tasks of all users.
func childStart(from *proto.Start, as account) *proto.Start {
	start := shallowCopy(from)
	// The parent has the time limit, and ends the child with the run.
	start.Timeout, start.Hold = nil, true
	start.Tasks = make([]*proto.Task, 0, len(from.GetTasks()))
	for _, task := range from.GetTasks() {
		own := task.GetHere() && agent.RunsAsOther(task) && accountOf(task) == as
		copied := shallowCopy(task)
		copied.Become, copied.Here, copied.Gated = nil, own, own
		// The parent decides what a failure ends, and what runs after it.
		copied.IgnoreErrors, copied.Always, copied.KeepGoing = false, true, true
		start.Tasks = append(start.Tasks, copied)
	}
	return start
}

// shallowCopy copies the fields of a message. What they refer to is shared, because a plan may have many megabytes.
func shallowCopy[M protobuf.Message](from M) M {
	copied := from.ProtoReflect().New()
	from.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		copied.Set(field, value)
		return true
	})
	return copied.Interface().(M)
}

// tasksHere returns the tasks that run on the agent that gets the plan.
func tasksHere(start *proto.Start) map[plan.TaskRef]bool {
	here := map[plan.TaskRef]bool{}
	for _, task := range start.GetTasks() {
		if task.GetHere() {
			here[plan.Ref(task.GetGroup(), task.GetName())] = true
		}
	}
	return here
}
