package view

import (
	"sloth-runner/proto"
	"sloth-runner/runner"
)

// tally counts the tasks of a run on their hosts.
type tally struct {
	tasks []*taskCount
	// of are the tasks of each host.
	of          map[string][]*taskCount
	done, total int
}

// taskCount is one task on all its hosts.
type taskCount struct {
	group, name               string
	hosts, settled, succeeded int
}

func newTally(tasks []*proto.RunTask) *tally {
	t := &tally{of: make(map[string][]*taskCount)}
	for _, task := range tasks {
		one := &taskCount{group: task.GetGroup(), name: task.GetName(), hosts: len(task.GetHosts())}
		t.tasks = append(t.tasks, one)
		t.total += one.hosts
		for _, host := range task.GetHosts() {
			t.of[host] = append(t.of[host], one)
		}
	}
	return t
}

// add counts what e settles, and returns the tasks that are now settled on all of their hosts. before is what was
// known of the host until then: what is settled stays so, whatever a host says later.
func (t *tally) add(e *proto.Event, before *runner.HostResult) []*taskCount {
	if before == nil || !isUnfinished(before.State) {
		return nil
	}
	var complete []*taskCount
	for _, task := range t.of[before.Name] {
		finished := e.GetTaskFinished()
		switch {
		case isSettled(before, task):
			continue
		case e.GetHostFinished() != nil:
		case finished != nil && e.GetGroup() == task.group && e.GetTask() == task.name:
			if finished.GetOutcome() == proto.TaskFinished_SUCCESS {
				task.succeeded++
			}
		default:
			continue
		}
		task.settled++
		t.done++
		if task.settled == task.hosts {
			complete = append(complete, task)
		}
	}
	return complete
}

func isSettled(host *runner.HostResult, task *taskCount) bool {
	for _, known := range host.Tasks {
		if known.Group == task.group && known.Name == task.name {
			return known.Finished != nil
		}
	}
	return false
}
