package view

import (
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// tally counts the tasks of a run on their hosts.
type tally struct {
	tasks  []*taskCount
	byName map[plan.TaskRef]*taskCount
	// of are the tasks of each host.
	of          map[string][]*taskCount
	done, total int
}

// taskCount is one task on all its hosts.
type taskCount struct {
	plan.TaskRef
	hosts, settled int
	// function says that its command is a function.
	function bool
	// ended is how many hosts it ended on in each way.
	ended map[state.State]int
}

func newTally(tasks []*proto.RunTask) *tally {
	t := &tally{of: make(map[string][]*taskCount), byName: make(map[plan.TaskRef]*taskCount, len(tasks))}
	for _, task := range tasks {
		one := &taskCount{TaskRef: plan.Ref(task.GetGroup(), task.GetName()), hosts: len(task.GetHosts()), function: task.GetFunction(), ended: make(map[state.State]int)}
		t.tasks = append(t.tasks, one)
		t.byName[one.TaskRef] = one
		t.total += one.hosts
		for _, host := range task.GetHosts() {
			t.of[host] = append(t.of[host], one)
		}
	}
	return t
}

// runsFunction reports whether the command of the task that an event is about is a function.
func (t *tally) runsFunction(e *proto.Event) bool {
	task := t.byName[plan.Ref(e.GetGroup(), e.GetTask())]
	return task != nil && task.function
}

// add counts what e settles, and returns the tasks that are now settled on all of their hosts. before is what was
// known of the host until then: what is settled stays so, whatever a host says later. It comes with every line of
// output, so that only the end of a host may cost time for each of its tasks.
func (t *tally) add(e *proto.Event, before *state.Host) []*taskCount {
	if before == nil || !isUnfinished(before.State) {
		return nil
	}
	if finished := e.GetTaskFinished(); finished != nil {
		task := t.byName[plan.Ref(e.GetGroup(), e.GetTask())]
		if task == nil || !before.Given(task.Group, task.Task) || isSettled(before, task) {
			return nil
		}
		return t.settle(endOfTask(finished), task)
	}
	finished := e.GetHostFinished()
	if finished == nil {
		return nil
	}
	var left []*taskCount
	for _, task := range t.of[before.Name] {
		if !isSettled(before, task) {
			left = append(left, task)
		}
	}
	return t.settle(endOfHost(finished), left...)
}

// settle counts tasks that have ended on one more host, and returns those that have on all.
func (t *tally) settle(how state.State, ended ...*taskCount) []*taskCount {
	var complete []*taskCount
	for _, task := range ended {
		task.settled++
		task.ended[how]++
		t.done++
		if task.settled == task.hosts {
			complete = append(complete, task)
		}
	}
	return complete
}

func isSettled(host *state.Host, task *taskCount) bool {
	known := host.Task(task.Group, task.Task)
	return known != nil && known.Finished != nil
}
