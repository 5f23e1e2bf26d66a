package changes

import (
	"fmt"
	"strings"
	"testing"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

func change(host, task, what, diff string) *proto.Event {
	return &proto.Event{Host: host, Group: "g", Task: task, Kind: &proto.Event_Change{Change: &proto.Change{What: what, Diff: diff}}}
}

// What several hosts change alike is kept once, in the order of the first; a host stands once at each, and a task has its own.
func TestFolded(t *testing.T) {
	var f Folded
	for _, e := range []*proto.Event{
		change("a", "t", "/1", "x"), change("b", "t", "/2", "x"), change("b", "t", "/1", "x"), change("a", "t", "/1", "y"),
		change("b", "t", "/1", "x"), change("a", "other", "/1", "x"),
	} {
		f.Add(e)
	}
	var got []string
	all, left := f.Take(plan.Ref("g", "t"))
	for _, c := range all {
		got = append(got, c.GetWhat()+c.GetDiff()+" "+strings.Join(c.Hosts, ","))
	}
	if want := "/1x a,b; /2x b; /1y a"; strings.Join(got, "; ") != want || left.Changes != 0 {
		t.Errorf("got %q, %d left out; want %q", got, left.Changes, want)
	}
	if again, _ := f.Take(plan.Ref("g", "t")); again != nil {
		t.Error("what was taken is still there")
	}
	if other, _ := f.Take(plan.Ref("g", "other")); len(other) != 1 || f.used != 0 {
		t.Errorf("%d changes of the other task, %d bytes are in use", len(other), f.used)
	}
}

// Changes without end take no memory without end: whatever a host says, and however many hosts there are.
func TestFoldedIsBounded(t *testing.T) {
	diff := strings.Repeat("x", 60<<10)
	for name, test := range map[string]struct {
		n     int
		event func(i int) *proto.Event
	}{
		"large":      {1000, func(i int) *proto.Event { return change("a", "t", fmt.Sprint(i), diff) }},
		"small":      {100_000, func(i int) *proto.Event { return change("a", "t", fmt.Sprint(i), "") }},
		"by task":    {1000, func(i int) *proto.Event { return change("a", fmt.Sprint(i%9), fmt.Sprint(i), diff) }},
		"the same":   {1000, func(int) *proto.Event { return change("a", "t", "/", diff) }},
		"many hosts": {300_000, func(i int) *proto.Event { return change(fmt.Sprint(i%1000), "t", fmt.Sprint(i/1000), "") }},
	} {
		var f Folded
		n := test.n
		for i := range n {
			f.Add(test.event(i))
		}
		if f.used > MostInAll {
			t.Errorf("%s: %d bytes are in use", name, f.used)
		}
		kept, left := 0, 0
		for i := -1; i < 9; i++ {
			task := fmt.Sprint(i)
			if i < 0 {
				task = "t"
			}
			all, out := f.Take(plan.Ref("g", task))
			for _, c := range all {
				kept += len(c.Hosts)
			}
			left += out.Changes
		}
		if name == "the same" {
			kept += n - 1
		}
		if kept+left != n {
			t.Errorf("%s: %d are kept and %d left out, of %d", name, kept, left, n)
		}
	}
}
