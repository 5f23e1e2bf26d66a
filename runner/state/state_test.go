package state

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// same compares states, all that is unexported included.
var same = cmp.Options{
	protocmp.Transform(), cmpopts.EquateEmpty(), cmp.AllowUnexported(Run{}, Host{}, Job{}),
	// It is where the last answer was.
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".settled" }, cmp.Ignore()),
}

// drawStory begins a run, and has events of its hosts.
func drawStory(t *rapid.T) (begin *proto.Event, hosts [][]*proto.Event) {
	begin = drawRun(t)
	for _, host := range begin.GetRunStarted().GetHosts() {
		hosts = append(hosts, drawEvents(t, begin.GetRunStarted(), host.GetName()))
	}
	return begin, hosts
}

// The state of a host depends only on its own events, and not on their order among those of others. The same holds for
// the run, except for the first host that failed.
func TestHostsDoNotDependOnEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin, hosts := drawStory(t)
		var runs [2]Run
		for i := range runs {
			runs[i].Apply(begin)
			for _, e := range interleave(t, hosts) {
				runs[i].Apply(e)
			}
			for _, job := range runs[i].Jobs {
				job.FailedOn = ""
			}
		}
		if diff := cmp.Diff(&runs[0], &runs[1], same); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A host that stands alone comes to the same state as in the run.
func TestFreshHost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin, hosts := drawStory(t)
		var run Run
		run.Apply(begin)
		for _, e := range interleave(t, hosts) {
			run.Apply(e)
		}
		for i, host := range run.Hosts {
			alone := host.Fresh()
			for _, e := range hosts[i] {
				alone.Apply(e, func(*Task, State) {})
			}
			if diff := cmp.Diff(host, alone, same); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// All that is counted with each event is what counting at the end gives; what has ended never changes again, and is returned once.
func TestCountsAreTheSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin, hosts := drawStory(t)
		var run Run
		run.Apply(begin)
		ended := map[*Task]Task{}
		for _, e := range interleave(t, hosts) {
			for _, task := range run.Apply(e) {
				if _, again := ended[task]; again || !task.State.IsFinal() {
					t.Fatalf("%v is said to have ended: %s", task.Job.TaskRef, task.State)
				}
				ended[task] = *task
			}
		}
		for task, was := range ended {
			if *task != was {
				t.Fatalf("%v was %+v and is %+v", task.Job.TaskRef, was, *task)
			}
		}
		checkCounts(t, &run, len(ended))
	})
}

func checkCounts(t *rapid.T, run *Run, ended int) {
	total := 0
	byJob := map[*Job]map[State]int{}
	byState := map[State]int{}
	for _, job := range run.Jobs {
		byJob[job] = map[State]int{}
		total += len(job.Hosts)
	}
	for _, host := range run.Hosts {
		byState[host.State]++
		own := map[State]int{}
		for i := range host.Given {
			task := &host.Given[i]
			own[task.State]++
			byJob[task.Job][task.State]++
			if host.State.IsFinal() && !task.State.IsFinal() {
				t.Fatalf("%s has ended, and %v is %s", host.Name, task.Job.TaskRef, task.State)
			}
			if task != host.Task(task.Job.TaskRef) {
				t.Fatalf("%v is not found", task.Job.TaskRef)
			}
		}
		for _, s := range append(slices.Clone(States[:]), Ignored) {
			if host.Count(s) != own[s] {
				t.Fatalf("%s has %d tasks that are %s, not %d", host.Name, own[s], s, host.Count(s))
			}
		}
	}
	settled := 0
	changedOn := map[*Job]int{}
	for _, host := range run.Hosts {
		for _, task := range host.Tasks {
			if task.State.IsFinal() && task.Changed > 0 {
				changedOn[task.Job]++
			}
		}
	}
	for _, job := range run.Jobs {
		settled += job.Settled
		if job.ChangedOn != changedOn[job] {
			t.Fatalf("%v has changed something on %d hosts, not %d", job.TaskRef, changedOn[job], job.ChangedOn)
		}
		for _, s := range append(slices.Clone(States[:]), Ignored) {
			if job.Count(s) != byJob[job][s] {
				t.Fatalf("%v is %s on %d hosts, not %d", job.TaskRef, s, byJob[job][s], job.Count(s))
			}
		}
		if succeeded := byJob[job][Success]+byJob[job][Ignored] == len(job.Hosts); job.Succeeded() != succeeded {
			t.Fatalf("%v has succeeded: %t", job.TaskRef, job.Succeeded())
		}
	}
	for _, s := range States {
		if run.Count(s) != byState[s] {
			t.Fatalf("%d hosts are %s, not %d", byState[s], s, run.Count(s))
		}
	}
	if run.Settled != settled || run.Settled != ended || run.Total != total {
		t.Fatalf("%d of %d tasks have ended; counted: %d of %d, returned: %d", run.Settled, run.Total, settled, total, ended)
	}
}

// A record may name hosts and tasks twice, or hosts that the run does not have: each is known once.
func TestNamesThatComeTwice(t *testing.T) {
	var run Run
	for range 2 {
		run.Apply(&proto.Event{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{
			Hosts: []*proto.RunHost{{Name: "a"}, {Name: "b"}, {Name: "a"}},
			Tasks: []*proto.RunTask{
				{Group: "g", Name: "t", Hosts: []string{"b", "a", "x", "b"}}, {Group: "g", Name: "t", Hosts: []string{"a"}},
			},
		}}})
	}
	if len(run.Hosts) != 2 || len(run.Jobs) != 1 || run.Total != 2 || run.Count(Pending) != 2 {
		t.Errorf("%d hosts, %d tasks, %d in all, %d pending", len(run.Hosts), len(run.Jobs), run.Total, run.Count(Pending))
	}
	if job := run.Job(plan.Ref("g", "t")); !slices.Equal(job.Hosts, []string{"b", "a"}) || job.Count(Pending) != 2 {
		t.Errorf("the task is on %q", job.Hosts)
	}
	if run.Host("x") != nil || run.Host("a").Task(plan.Ref("g", "x")) != nil {
		t.Error("what the run does not have is known")
	}
}
