package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sloth-runner/inventory"
	"sloth-runner/plan"
)

func on(become bool) plan.Become { return plan.Become{On: &become} }

// TestChoice: hosts are those of the command line, the task, the group, this machine, in this order. Where there are other hosts
// to think of, nothing runs on this machine by itself.
func TestChoice(t *testing.T) {
	p := &plan.Plan{File: "site.sloth", Groups: []*plan.Group{
		{Name: "web", DelegateTo: []string{"web"}, Tasks: []*plan.Task{{Name: "a"}, {Name: "b", DelegateTo: []string{"db"}}}},
		{Name: "here", Tasks: []*plan.Task{{Name: "c"}, {Name: "d", Become: on(true)}, {Name: "e", Become: on(true)}}},
	}}
	for _, c := range []struct {
		choice   Choice
		want     string
		problems string
	}{
		{Choice{Groups: []string{"web"}}, "web.a:web web.b:db", ""},
		{Choice{DelegateTo: []string{"x", "y"}}, "web.a:x,y web.b:x,y here.c:x,y here.d:x,y here.e:x,y", ""},
		{Choice{}, "web.a:web web.b:db here.c:localhost", `group "here" says no hosts, and as it runs as another user it`},
		{Choice{Groups: []string{"here"}, Inventory: true}, "", `group "here" says no hosts, and as an inventory is given it`},
		{Choice{Groups: []string{"here"}, Limit: true}, "", `group "here" says no hosts, and as --limit is given it`},
		{Choice{Groups: []string{"here"}, Become: true}, "", `group "here" says no hosts, and as it runs as another user it`},
	} {
		var problems []string
		resolve := func(words []string) ([]inventory.Target, []string) {
			var targets []inventory.Target
			for _, word := range words {
				targets = append(targets, inventory.Target{Name: word})
			}
			return targets, nil
		}
		tasks := c.choice.Tasks(p, resolve, func(err error) { problems = append(problems, err.Error()) })
		var got []string
		for _, job := range Of(tasks) {
			var names []string
			for _, target := range job.Targets {
				names = append(names, target.Name)
			}
			got = append(got, job.Group.Name+"."+job.Task.Name+":"+strings.Join(names, ","))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %q, want %q", c.choice, got, c.want)
		}
		if len(problems) > 1 || !strings.HasPrefix(strings.Join(problems, ""), c.problems) || (c.problems == "") != (problems == nil) {
			t.Errorf("%+v: problems %q, want %q", c.choice, problems, c.problems)
		}
	}
	unknown := Choice{Groups: []string{"web", "wbe"}}
	if err := unknown.Check(p); fmt.Sprint(err) != `site.sloth has no group "wbe"; it has web, here` {
		t.Error(err)
	}
}

// TestGates: a task whose hosts the limit takes away is a gate for tasks on hosts that would have waited for those.
func TestGates(t *testing.T) {
	group := &plan.Group{Name: "g"}
	task := func(name, needs, on, out string) Task {
		made := Task{Group: group, Task: &plan.Task{Name: name, DependsOn: strings.Fields(needs)}, Out: strings.Fields(out)}
		for _, host := range strings.Fields(on) {
			made.Targets = append(made.Targets, inventory.Target{Name: host})
		}
		return made
	}
	for _, c := range []struct {
		tasks []Task
		want  string
	}{
		{[]Task{task("a", "", "h1", "h2"), task("b", "a", "h1", "h2")}, ""}, // each host waits for itself
		{[]Task{task("a", "", "h1", "h2"), task("b", "a", "h1 h3", "")}, "a: waiting b, direct b"},
		{[]Task{task("a", "", "", "h2"), task("b", "a", "h1", "")}, "a: waiting b, direct b"},
		{[]Task{task("a", "", "", "h2"), task("b", "a", "", "h3")}, ""}, // nothing waits
		{[]Task{task("a", "", "h4", "h2"), task("b", "a", "", "h3"), task("c", "b", "h1", "")}, "a: waiting c, direct ; b: waiting c, direct c"},
	} {
		var got []string
		for _, g := range Gates(slices.Clone(c.tasks)) {
			got = append(got, fmt.Sprintf("%s: waiting %s, direct %s", g.Task.Task.Name, strings.Join(g.Waiting, " "), strings.Join(g.Direct, " ")))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
