package runner

import (
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// start returns the message that gives a host its part of the run. It is large; so it is made when the host is connected,
// and dropped when it is sent. Tasks without an account run as the given one; "": as the agent's user. The account is for
// persistent agents, which may run as another user: a run does the same whether a host is reached through its agent or
// over SSH.
func (h *host) start(account string) *proto.Start {
	c := h.dispatcher.config
	start := &proto.Start{
		Protocol: proto.ProtocolVersion, RunId: c.ID, Host: h.target.Name, File: c.Plan.File, Vars: h.target.VarsForAgent,
		DryRun: c.DryRun,
	}
	if c.Timeout > 0 {
		start.Timeout = durationpb.New(c.Timeout)
	}
	// All tasks of the file, not only those of the run: the host compares them with its copy.
	for _, group := range c.Plan.Groups {
		for _, task := range group.Tasks {
			sent := h.task(group, task, account)
			if sent.GetHere() && isFunction(task) {
				start.Source = c.Plan.Source
			}
			if sent.GetHere() && usesFiles(task) {
				start.Files = c.Files != nil
			}
			start.Tasks = append(start.Tasks, sent)
		}
	}
	return start
}

// task returns a task of the file as it is sent to the host.
func (h *host) task(group *plan.Group, task *plan.Task, account string) *proto.Task {
	c, id := h.dispatcher.config, plan.Ref(group.Name, task.Name)
	sent := &proto.Task{
		Group: group.Name, Name: task.Name, DependsOn: task.DependsOn, Here: h.state.Task(id) != nil,
		IgnoreErrors: task.IgnoreErrors, Always: task.Always, KeepGoing: c.KeepGoing || group.KeepGoing,
	}
	if task.Timeout > 0 {
		sent.Timeout = durationpb.New(task.Timeout)
	}
	if sent.Here {
		job := h.dispatcher.jobs[id]
		sent.Gated = h.dispatcher.barriers.gated(id, h.target.Name)
		sent.Stdin = c.Stdin != nil
		sent.Setup = job.Setup[h.target.Name]
		if sent.Become = c.becomes(job, &h.target); sent.Become == nil && account != "" {
			sent.Become = &proto.Become{User: account, Login: true}
		}
	}
	setAction(sent, task.Action)
	return sent
}
