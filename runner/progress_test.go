package runner

import (
	"fmt"
	"runtime"
	"testing"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// atDispatcher returns the hosts of a run that has just begun.
func atDispatcher(c *Config) []*host {
	d := &dispatcher{config: c, run: new(state.Run), jobs: c.jobs(), barriers: newBarriers(c.Jobs)}
	targets := c.targets()
	d.publish(&proto.Event{Kind: &proto.Event_RunStarted{RunStarted: c.started(targets, d.barriers)}})
	d.barriers.begin(d.run)
	var hosts []*host
	for _, target := range targets {
		hosts = append(hosts, newHost(d, target, nil))
	}
	return hosts
}

// As with barriers, there are 2^40 paths to the ground. Were each of them walked, this test would take hours.
func TestWhatMayHaveRunOnManyPaths(t *testing.T) {
	jobs := []Job{job("ground", []string{"a"})}
	below := []string{"ground"}
	for storey := range 40 {
		storey := []string{fmt.Sprint("l", storey), fmt.Sprint("r", storey)}
		jobs = append(jobs, job(storey[0], []string{"a"}, below...), job(storey[1], []string{"a"}, below...))
		below = storey
	}
	group := &plan.Group{Name: "g"}
	for i := range jobs {
		jobs[i].Group = group
		group.Tasks = append(group.Tasks, jobs[i].Task)
	}
	h := atDispatcher(&Config{Plan: &plan.Plan{Groups: []*plan.Group{group}}, Jobs: jobs})[0]
	p := newProgress(h, h.start(""))
	known := map[plan.TaskRef]bool{}
	for _, task := range p.unsettled() {
		if !p.mayHaveRun(task, known) {
			t.Fatalf("%s can't have run", task.Job.Task)
		}
	}
	if err := p.check(finished("ground", proto.TaskFinished_FAILED)); err != nil {
		t.Fatal(err)
	}
	clear(known)
	for _, task := range p.unsettled() {
		if p.mayHaveRun(task, known) {
			t.Fatalf("%s may have run after a failure", task.Job.Task)
		}
	}
}

// After an end that this program does not know, the agent may have gone on with other tasks; after a failure it has not.
func TestWhatMayHaveRunAfterAnUnknownEnd(t *testing.T) {
	for outcome, want := range map[proto.TaskFinished_Outcome]bool{
		proto.TaskFinished_UNKNOWN: true, 99: true, proto.TaskFinished_FAILED: false, proto.TaskFinished_LOST: false,
	} {
		jobs := []Job{job("first", []string{"a"}), job("second", []string{"a"})}
		group := &plan.Group{Name: "g", Tasks: []*plan.Task{jobs[0].Task, jobs[1].Task}}
		jobs[0].Group, jobs[1].Group = group, group
		h := atDispatcher(&Config{Plan: &plan.Plan{Groups: []*plan.Group{group}}, Jobs: jobs})[0]
		p := newProgress(h, h.start(""))
		if err := p.check(finished("first", outcome)); err != nil {
			t.Fatal(err)
		}
		if got := p.mayHaveRun(p.unsettled()[0], map[plan.TaskRef]bool{}); got != want {
			t.Errorf("after %v: the second task may have run: %v", outcome, got)
		}
	}
}

func finished(task string, outcome proto.TaskFinished_Outcome) *proto.Event {
	return &proto.Event{Group: "g", Task: task, Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Outcome: outcome}}}
}

// A thousand hosts that wait to be dialled take little: what each is sent is made when it is reached.
func TestHostsThatWaitTakeLittle(t *testing.T) {
	const hosts, tasks = 1000, 50
	group := &plan.Group{Name: "g"}
	var targets []inventory.Target
	for i := range hosts {
		targets = append(targets, inventory.Target{Name: fmt.Sprint("web-", i)})
	}
	c := &Config{ID: "id", Plan: &plan.Plan{Groups: []*plan.Group{group}}}
	for i := range tasks {
		task := &plan.Task{Name: fmt.Sprint("task-", i), Action: plan.Shell{Line: "true"}}
		group.Tasks = append(group.Tasks, task)
		c.Jobs = append(c.Jobs, Job{Group: group, Task: task, Targets: targets})
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	waiting := atDispatcher(c)
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(len(waiting)*tasks)
	if each > 250 { // what is sent takes four times that
		t.Errorf("a task on a host that waits takes %d bytes", each)
	}
	runtime.KeepAlive(waiting)
}
