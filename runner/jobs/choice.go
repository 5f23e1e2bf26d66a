package jobs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/runner"
)

// Choice is what the command line says about where tasks run.
type Choice struct {
	// Groups are the groups to run; none: all.
	Groups []string
	// DelegateTo are words for hosts that replace those of the plan; none: the plan's.
	DelegateTo []string
	// Inventory, Limit and Become tell whether there is an inventory or a limit, and whether tasks run as another user: then a
	// task without hosts is not meant for this machine.
	Inventory, Limit, Become bool
}

// Task is a task and its hosts: those within the limit, and the names of those that the limit leaves out.
type Task struct {
	Group   *plan.Group
	Task    *plan.Task
	Targets []inventory.Target
	Out     []string
}

// Check returns an error when the plan lacks one of the groups.
func (c *Choice) Check(p *plan.Plan) error {
	var errs []error
	for _, name := range c.Groups {
		if !slices.ContainsFunc(p.Groups, func(g *plan.Group) bool { return g.Name == name }) {
			var known []string
			for _, group := range p.Groups {
				known = append(known, group.Name)
			}
			errs = append(errs, fmt.Errorf("%s has no group %q; it has %s", p.File, name, strings.Join(known, ", ")))
		}
	}
	return errors.Join(errs...)
}

// Tasks returns the tasks that run, in the order of the plan. Their hosts are those of DelegateTo, else those of the task, else
// those of its group, else this machine. resolve returns the hosts of a list of words; problem is called once for each group
// that needs hosts and has none.
func (c *Choice) Tasks(p *plan.Plan, resolve func(words []string) (targets []inventory.Target, out []string), problem func(error)) []Task {
	var tasks []Task
	for _, group := range p.Groups {
		if len(c.Groups) > 0 && !slices.Contains(c.Groups, group.Name) {
			continue
		}
		reported := map[string]bool{}
		for _, task := range group.Tasks {
			words := firstOf(c.DelegateTo, task.DelegateTo, group.DelegateTo)
			if words == nil {
				if why := c.notHere(group, task); why != "" {
					if !reported[why] {
						reported[why] = true
						problem(noHosts(group, why))
					}
					continue
				}
				words = []string{"localhost"}
			}
			targets, out := resolve(words)
			tasks = append(tasks, Task{group, task, targets, out})
		}
	}
	return tasks
}

// Of returns the jobs of the tasks that have hosts.
func Of(tasks []Task) []runner.Job {
	var jobs []runner.Job
	for _, t := range tasks {
		if len(t.Targets) > 0 {
			jobs = append(jobs, runner.Job{Group: t.Group, Task: t.Task, Targets: t.Targets})
		}
	}
	return jobs
}

// notHere says why a task without hosts is not meant for this machine; "" when it is.
func (c *Choice) notHere(group *plan.Group, task *plan.Task) string {
	switch {
	case c.Inventory:
		return "an inventory is given"
	case c.Limit:
		return "--limit is given"
	case c.Become || becomes(task.Become) || becomes(group.Become):
		return "it runs as another user"
	}
	return ""
}

func becomes(b plan.Become) bool { return b.On != nil && *b.On }

func noHosts(group *plan.Group, why string) error {
	return &fault.Error{
		Err:  fmt.Errorf("group %q says no hosts, and as %s it does not run on this machine by itself", group.Name, why),
		Hint: "name them with --delegate-to: `--delegate-to all` is the whole inventory, `--delegate-to localhost` this machine",
	}
}

func firstOf(lists ...[]string) []string {
	for _, list := range lists {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
