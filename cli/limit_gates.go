package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/plan"
	"sloth-runner/view/layout"
)

// limitedTask is a task, and what --limit does to its hosts.
type limitedTask struct {
	group *plan.Group
	task  *plan.Task
	reach.Hosts
}

// gate is a task on whose success other hosts wait, and that --limit keeps from some or all of its own.
type gate struct {
	*limitedTask
	// waiting are the tasks that depend on it, and direct those whose depends_on has it.
	waiting, direct []string
	// On are the names of its targets.
	on map[string]bool
}

// checkGates looks for tasks that others depend on and that --limit keeps from hosts. The error is for those without any
// host, unless the user wants it so; the notices say which there are.
func (o *runOptions) checkGates(tasks []limitedTask) (notices []string, err error) {
	if len(o.Limit) == 0 {
		return nil, nil
	}
	several := slices.ContainsFunc(tasks, func(t limitedTask) bool { return t.group != tasks[0].group })
	var errs []error
	for _, g := range limitedGates(tasks) {
		name := g.task.Name
		if several {
			name = g.group.Name + "/" + name
		}
		switch left, all := len(g.Targets), len(g.Targets)+len(g.Out); {
		case left > 0:
			notices = append(notices, fmt.Sprintf("%s runs on %d of its %d hosts, not on %s; waiting for it: %s",
				name, left, all, firstNames(layout.Fold(g.Out)), firstNames(g.waiting)))
		case !o.limitAnyway && len(g.direct) > 0:
			errs = append(errs, command.Hinted(
				fmt.Sprintf("take hosts of %s into the limit, which are %s, or let it count as done with --limit-anyway", name, firstNames(layout.Fold(g.Out))),
				"--limit leaves no host to task '%s', on which '%s' depends", name, firstNames(g.direct)))
		default:
			notices = append(notices, fmt.Sprintf("%s runs on none of the hosts: taken as done", name))
		}
	}
	return notices, errors.Join(errs...)
}

// limitedGates are the gates, in the order of the tasks.
func limitedGates(tasks []limitedTask) []*gate {
	var gates []*gate
	for rest := tasks; len(rest) > 0; {
		end := slices.IndexFunc(rest, func(t limitedTask) bool { return t.group != rest[0].group })
		if end < 0 {
			end = len(rest)
		}
		gates = append(gates, gatesOfGroup(rest[:end])...)
		rest = rest[end:]
	}
	return gates
}

func gatesOfGroup(tasks []limitedTask) []*gate {
	known := make(map[string]*gate, len(tasks))
	for i := range tasks {
		g := &gate{limitedTask: &tasks[i], on: make(map[string]bool, len(tasks[i].Targets))}
		for j := range g.Targets {
			g.on[g.Targets[j].Name] = true
		}
		known[tasks[i].task.Name] = g
	}
	for _, t := range tasks {
		if len(t.Targets) > 0 {
			t.noteGates(known)
		}
	}
	var gates []*gate
	for _, t := range tasks {
		if g := known[t.task.Name]; len(g.waiting) > 0 {
			gates = append(gates, g)
		}
	}
	return gates
}

// noteGates notes the gates that the task waits at: those of what it depends on and, as for the runner, in the place of a
// task that runs nowhere those of what that depends on.
func (t *limitedTask) noteGates(known map[string]*gate) {
	seen := map[string]bool{}
	for left := slices.Clone(t.task.DependsOn); len(left) > 0; left = left[1:] {
		g := known[left[0]]
		if g == nil || seen[left[0]] {
			continue
		}
		seen[left[0]] = true
		direct := slices.Contains(t.task.DependsOn, left[0])
		if len(g.Targets) == 0 {
			left = append(left, g.task.DependsOn...)
		} else if len(g.Out) == 0 || direct && g.runsOnAll(t) {
			continue
		}
		g.waiting = append(g.waiting, t.task.Name)
		if direct && !t.task.Always { // which needs no success
			g.direct = append(g.direct, t.task.Name)
		}
	}
}

// runsOnAll reports whether a gate runs on all hosts of another task, each of which then waits for itself alone.
func (g *gate) runsOnAll(t *limitedTask) bool {
	for i := range t.Targets {
		if !g.on[t.Targets[i].Name] {
			return false
		}
	}
	return true
}

// firstNames lists at most five names.
func firstNames(names []string) string {
	const most = 5
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
