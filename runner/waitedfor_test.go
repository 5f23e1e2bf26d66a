package runner

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sloth-runner/runner/state"
)

func ran(jobs ...Job) *state.Run { return begun(jobs...).run }

func TestWaitedFor(t *testing.T) {
	canary := ran(job("canary", []string{"c"}), job("check", []string{"c", "d"}, "canary"), job("rest", []string{"d", "e", "f"}, "check"))
	for _, test := range []struct {
		name string
		run  *state.Run
		give []string
		want []string
	}{
		{"tasks of the host itself", canary, []string{"c"}, nil},
		{"a barrier", canary, []string{"d"}, []string{"c"}},
		{"a barrier behind a barrier", canary, []string{"f"}, []string{"c", "d"}},
		{"the same tasks everywhere", ran(job("a", []string{"x", "y"}), job("b", []string{"x", "y"}, "a")), []string{"x"}, nil},
		{"none", canary, nil, nil},
	} {
		if got := test.run.WaitedFor(test.give); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// For any dependencies, no task of the hosts of a second run has a barrier that lacks one of its hosts.
func TestWaitedForKeepsEveryBarrier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hosts := []string{"a", "b", "c", "d", "e"}
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(hosts), 1, 5, rapid.ID[string])
		var jobs []Job
		for i := range rapid.IntRange(1, 7).Draw(t, "tasks") {
			var needs []string
			for j := range i {
				if rapid.Bool().Draw(t, "needs") {
					needs = append(needs, fmt.Sprint(j))
				}
			}
			jobs = append(jobs, job(fmt.Sprint(i), some.Draw(t, "hosts"), needs...))
		}
		given := some.Draw(t, "given")
		again := append(slices.Clone(given), ran(jobs...).WaitedFor(given)...)
		b := begun(jobs...)
		kept := func(host string) bool { return slices.Contains(again, host) }
		for _, j := range b.run.Jobs {
			id := j.TaskRef
			for _, host := range j.Hosts {
				for _, need := range b.needs[id] {
					lost := slices.ContainsFunc(b.run.Job(need).Hosts, func(host string) bool { return !kept(host) })
					if lost && kept(host) && !b.hostKnows(id, need, host) {
						t.Fatalf("%q: task %s on %s waits for %s, which has lost hosts", again, id.Task, host, need.Task)
					}
				}
			}
		}
		if more := ran(jobs...).WaitedFor(again); len(more) > 0 {
			t.Fatalf("%q wait for %q", again, more)
		}
	})
}
