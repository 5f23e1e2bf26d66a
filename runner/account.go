package runner

import (
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// runAs has the tasks that name no account run as this one; "": as that of the agent. It is for persistent agents, which
// have an account of their own: so a run does the same whether a host is reached through its agent or over SSH.
func (l *ledger) runAs(account string) {
	if account == "" {
		return
	}
	for _, task := range l.start.GetTasks() {
		if task.GetHere() && task.GetBecome() == nil {
			task.Become = &proto.Become{User: account, Login: true}
			l.becomes(plan.Ref(task.GetGroup(), task.GetName()), task.Become)
		}
	}
}
