package runner

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

func job(name string, hosts []string, dependsOn ...string) Job {
	j := Job{Group: &plan.Group{Name: "g"}, Task: &plan.Task{Name: name, DependsOn: dependsOn}}
	for _, host := range hosts {
		j.Targets = append(j.Targets, inventory.Target{Name: host})
	}
	return j
}

// begun returns the barriers of a run that has just begun.
func begun(jobs ...Job) *barriers {
	b, c := newBarriers(jobs), &Config{Plan: &plan.Plan{}, Jobs: jobs}
	run := new(state.Run)
	run.Apply(&proto.Event{Kind: &proto.Event_RunStarted{RunStarted: c.started(c.targets(), b)}})
	b.begin(run)
	return b
}

// ends ends a task on a host, and returns the verdicts that follow.
func (b *barriers) ends(id plan.TaskRef, host string, outcome proto.TaskFinished_Outcome) []verdict {
	var verdicts []verdict
	for _, task := range b.run.Apply(&proto.Event{Host: host, Group: id.Group, Task: id.Task, Kind: &proto.Event_TaskFinished{
		TaskFinished: &proto.TaskFinished{Outcome: outcome},
	}}) {
		verdicts = append(verdicts, b.settle(host, task)...)
	}
	return verdicts
}

func TestBarrierOpensWhenAllHostsSucceeded(t *testing.T) {
	b := begun(job("first", []string{"a", "b"}), job("second", []string{"c", "d"}, "first"))
	first, second := plan.Ref("g", "first"), plan.Ref("g", "second")
	if !b.gated(second, "c") || b.gated(first, "a") {
		t.Fatal("the second task waits for other hosts, the first does not")
	}
	if v := b.ends(first, "a", proto.TaskFinished_SUCCESS); len(v) != 0 {
		t.Fatalf("after one of two hosts: %v", v)
	}
	if !b.waits("c") || b.waits("b") {
		t.Error("c can do nothing but wait, b can work")
	}
	v := b.ends(first, "b", proto.TaskFinished_SUCCESS)
	if len(v) != 2 || v[0] != (verdict{"c", second, ""}) || v[1] != (verdict{"d", second, ""}) {
		t.Errorf("after both: %v", v)
	}
	if b.waits("c") {
		t.Error("c still waits")
	}
}

func TestBarrierShutsAtTheFirstFailure(t *testing.T) {
	for _, outcome := range []proto.TaskFinished_Outcome{
		proto.TaskFinished_FAILED, proto.TaskFinished_SKIPPED, proto.TaskFinished_CANCELLED, proto.TaskFinished_LOST, proto.TaskFinished_UNKNOWN,
	} {
		b := begun(job("first", []string{"a", "b"}), job("second", []string{"c"}, "first"))
		v := b.ends(plan.Ref("g", "first"), "b", outcome)
		if len(v) != 1 || v[0].host != "c" || v[0].reason != "first did not succeed on b" {
			t.Errorf("%s: %v", outcome, v)
		}
		if v := b.ends(plan.Ref("g", "first"), "a", proto.TaskFinished_SUCCESS); len(v) != 0 {
			t.Errorf("%s: told again: %v", outcome, v)
		}
	}
}

// TestDependencyOnTheSameHostIsTheHostsOwn: a task that runs where its dependency runs does not wait for other hosts.
func TestDependencyOnTheSameHostIsTheHostsOwn(t *testing.T) {
	b := begun(job("first", []string{"a", "b"}), job("second", []string{"a", "c"}, "first"))
	second := plan.Ref("g", "second")
	if b.gated(second, "a") || !b.gated(second, "c") {
		t.Error("only c, where the first task does not run, has a barrier")
	}
}

// TestBarrierOfATaskThatRunsAlways: the barrier opens when the dependencies have ended elsewhere, whatever their outcome.
func TestBarrierOfATaskThatRunsAlways(t *testing.T) {
	second := job("second", []string{"c"}, "first")
	second.Task.Always = true
	b := begun(job("first", []string{"a", "b"}), second)
	first := plan.Ref("g", "first")
	if v := b.ends(first, "a", proto.TaskFinished_FAILED); len(v) != 0 {
		t.Errorf("after one of two hosts: %v", v)
	}
	if v := b.ends(first, "b", proto.TaskFinished_UNKNOWN); len(v) != 1 || v[0] != (verdict{"c", plan.Ref("g", "second"), ""}) {
		t.Errorf("after both: %v", v)
	}
}

// TestBarriersTellEveryHostOnce executes random plans as agents would. It checks that no host waits for ever, that each
// verdict is sent once, and that no task starts before its dependencies.
func TestBarriersTellEveryHostOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		jobs := drawJobs(t)
		b := begun(jobs...)
		told := map[string]verdict{}
		for progress := true; progress; {
			progress = false
			for _, j := range jobs {
				id := plan.Ref("g", j.Task.Name)
				for _, target := range j.Targets {
					outcome, can := play(t, b, told, id, j, target.Name)
					if !can {
						continue
					}
					progress = true
					for _, v := range b.ends(id, target.Name, outcome) {
						key := fmt.Sprint(v.host, v.task)
						if _, again := told[key]; again {
							t.Fatalf("%s is told about %v twice", v.host, v.task)
						}
						told[key] = v
					}
				}
			}
		}
		for _, j := range jobs {
			for _, target := range j.Targets {
				if n := b.run.Host(target.Name).Count(state.Pending); n > 0 {
					t.Fatalf("%s waits for ever with %d tasks", target.Name, n)
				}
			}
		}
	})
}

// play decides what an agent does with a task now: nothing yet, skip it, or run it with some outcome.
func play(t *rapid.T, b *barriers, told map[string]verdict, id plan.TaskRef, j Job, host string) (proto.TaskFinished_Outcome, bool) {
	if b.run.Host(host).Task(id).State.IsFinal() {
		return 0, false
	}
	if b.gated(id, host) {
		v, known := told[fmt.Sprint(host, id)]
		if !known {
			return 0, false
		}
		if v.reason != "" {
			return proto.TaskFinished_SKIPPED, true
		}
	}
	for _, name := range j.Task.DependsOn {
		need := b.run.Job(plan.Ref("g", name))
		own := b.run.Host(host).Task(need.TaskRef)
		if own == nil {
			for _, other := range need.Hosts {
				if ended := b.run.Host(other).Task(need.TaskRef).State; !ended.IsFinal() || !j.Task.Always && ended != state.Success {
					t.Fatalf("%s may start on %s before %s succeeded on %s", id.Task, host, name, other)
				}
			}
			continue
		}
		if !own.State.IsFinal() {
			return 0, false
		}
		if own.State != state.Success && !j.Task.Always {
			return proto.TaskFinished_SKIPPED, true
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "luck") == 0 {
		return proto.TaskFinished_FAILED, true
	}
	return proto.TaskFinished_SUCCESS, true
}

func drawJobs(t *rapid.T) []Job {
	hosts := []string{"a", "b", "c", "d"}
	var jobs []Job
	for i := range rapid.IntRange(1, 6).Draw(t, "tasks") {
		on := rapid.SliceOfNDistinct(rapid.SampledFrom(hosts), 1, 4, rapid.ID).Draw(t, "hosts")
		var dependsOn []string
		for d := range i {
			if rapid.Bool().Draw(t, "depends") {
				dependsOn = append(dependsOn, fmt.Sprint("t", d))
			}
		}
		jobs = append(jobs, job(fmt.Sprint("t", i), on, dependsOn...))
		jobs[i].Task.Always = rapid.IntRange(0, 3).Draw(t, "always") == 0
	}
	return jobs
}

// TestDependenciesOfManyPaths: of 40 storeys with two tasks each, which depend on both of the storey below, there are
// 2^40 paths to the ground. Were each of them walked, this test would take hours.
func TestDependenciesOfManyPaths(t *testing.T) {
	jobs := []Job{job("elsewhere", []string{"b"}), job("gated", []string{"a"}, "elsewhere")}
	for storey := 40; storey > 0; storey-- { // the file's order is against that of the dependencies
		below := []string{fmt.Sprintf("l%d", storey-1), fmt.Sprintf("r%d", storey-1)}
		jobs = append(jobs, job(fmt.Sprintf("l%d", storey), []string{"a"}, below...), job(fmt.Sprintf("r%d", storey), []string{"a"}, below...))
	}
	jobs = append(jobs, job("l0", []string{"a"}), job("r0", []string{"a"}))
	if begun(jobs...).waits("a") {
		t.Error("the host waits, though it can begin on the ground")
	}
}

// TestBarrierThroughTaskThatRunsNowhere: with a limit, a task may be left without hosts. Its dependents then wait for its
// own dependencies, also on a host that runs both and does not know the link between them.
func TestBarrierThroughTaskThatRunsNowhere(t *testing.T) {
	first, last := job("first", []string{"a", "b"}), job("last", []string{"a"}, "between")
	between, nowhere := job("between", nil, "first", "nowhere"), job("nowhere", nil, "between")
	last.Group.Tasks = []*plan.Task{last.Task, between.Task, nowhere.Task, first.Task}
	b := begun(last, first)
	id := plan.Ref("g", "last")
	if !b.gated(id, "a") {
		t.Fatal("the last task does not wait for the first")
	}
	b.ends(plan.Ref("g", "first"), "a", proto.TaskFinished_SUCCESS)
	if v := b.ends(plan.Ref("g", "first"), "b", proto.TaskFinished_SUCCESS); len(v) != 1 || v[0] != (verdict{"a", id, ""}) {
		t.Errorf("after the first: %v", v)
	}
	alone := begun(Job{Group: last.Group, Task: &plan.Task{Name: "alone", DependsOn: []string{"nowhere"}}, Targets: last.Targets})
	if alone.gated(plan.Ref("g", "alone"), "a") {
		t.Error("a task waits for what runs nowhere")
	}
}
