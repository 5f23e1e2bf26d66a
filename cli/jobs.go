package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory"
	"sloth-runner/runner"
	"sloth-runner/sloth"
)

// jobs says which tasks run on which hosts: those of --delegate-to, else those of the task, else those of its group,
// else this machine; --limit narrows them all. A task of which it leaves no host does not run.
func (o *runOptions) jobs(ctx context.Context, s *Streams, plan *sloth.Plan) ([]runner.Job, error) {
	if err := knownGroups(plan, o.groups); err != nil {
		return nil, err
	}
	r, err := o.resolver(ctx, s)
	if err != nil {
		return nil, err
	}
	var jobs []runner.Job
	for _, group := range plan.Groups {
		if len(o.groups) > 0 && !slices.Contains(o.groups, group.Name) {
			continue
		}
		for _, task := range group.Tasks {
			words := firstOf(o.delegateTo, task.DelegateTo, group.DelegateTo, []string{"localhost"})
			if targets := r.resolve(ctx, words); len(targets) > 0 {
				jobs = append(jobs, runner.Job{Group: group, Task: task, Targets: targets})
			}
		}
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return jobs, r.hosts.Check()
}

// resolver resolves each list of words once, and gathers what it can't.
type resolver struct {
	hosts    *inventory.Limit
	defaults inventory.Defaults
	known    map[string][]inventory.Target
	errs     []error
}

func (r *resolver) resolve(ctx context.Context, words []string) []inventory.Target {
	key := strings.Join(words, "\x00")
	if targets, known := r.known[key]; known {
		return targets
	}
	targets, err := r.hosts.Resolve(ctx, words, r.defaults)
	if err != nil {
		r.errs = append(r.errs, err)
	}
	r.known[key] = targets
	return targets
}

func knownGroups(plan *sloth.Plan, names []string) error {
	var errs []error
	for _, name := range names {
		if !slices.ContainsFunc(plan.Groups, func(g *sloth.Group) bool { return g.Name == name }) {
			var known []string
			for _, group := range plan.Groups {
				known = append(known, group.Name)
			}
			errs = append(errs, fmt.Errorf("%s has no group %q; it has %s", plan.File, name, strings.Join(known, ", ")))
		}
	}
	return errors.Join(errs...)
}

func firstOf(lists ...[]string) []string {
	for _, list := range lists {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
