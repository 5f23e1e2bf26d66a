package cli

import (
	"context"
	"errors"
	"os"
	"slices"

	"sloth-runner/cli/command"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/runner"
	"sloth-runner/runner/jobs"
)

// jobs returns which tasks run on which hosts. --limit narrows all hosts. A task of which it leaves no host does not run; where
// others depend on it, that is an error without --limit-anyway.
func (o *runOptions) jobs(ctx context.Context, s *command.Streams, plan *plan.Plan) ([]runner.Job, error) {
	choice := jobs.Choice{
		Groups: o.groups, DelegateTo: o.delegateTo, Limit: len(o.Limit) > 0, Become: o.become.On || o.become.User != "",
		Inventory: slices.ContainsFunc(o.Inventories, func(source string) bool { return source != os.DevNull }),
	}
	if err := choice.Check(plan); err != nil {
		return nil, err
	}
	r, err := o.Resolver(ctx, s)
	if err != nil {
		return nil, err
	}
	tasks := choice.Tasks(plan, func(words []string) ([]inventory.Target, []string) {
		hosts := r.Narrow(ctx, words)
		return hosts.Targets, hosts.Out
	}, func(err error) { r.Errs = append(r.Errs, err) })
	if err := errors.Join(r.Errs...); err != nil {
		return nil, err
	}
	if err := r.Hosts.Check(); err != nil {
		return nil, err
	}
	if len(o.Limit) > 0 {
		if o.notices, err = o.checkGates(jobs.Gates(tasks), severalGroups(tasks)); err != nil {
			return nil, err
		}
	}
	return jobs.Of(tasks), nil
}

func severalGroups(tasks []jobs.Task) bool {
	return slices.ContainsFunc(tasks, func(t jobs.Task) bool { return t.Group != tasks[0].Group })
}
