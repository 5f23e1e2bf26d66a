package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/plan"
	"sloth-runner/runner"
)

// jobs says which tasks run on which hosts: those of --delegate-to, else those of the task, else those of its group,
// else this machine, where nothing else can be meant; --limit narrows them all. A task of which it leaves no host does not
// run; where others depend on it, that is an error without --limit-anyway.
func (o *runOptions) jobs(ctx context.Context, s *command.Streams, plan *plan.Plan) ([]runner.Job, error) {
	if err := knownGroups(plan, o.groups); err != nil {
		return nil, err
	}
	r, err := o.Resolver(ctx, s)
	if err != nil {
		return nil, err
	}
	var tasks []limitedTask
	for _, group := range plan.Groups {
		if len(o.groups) > 0 && !slices.Contains(o.groups, group.Name) {
			continue
		}
		for _, task := range group.Tasks {
			words := firstOf(o.delegateTo, task.DelegateTo, group.DelegateTo)
			if words == nil {
				if why := o.notHere(group, task); why != "" {
					noHosts(r, group, why)
					continue
				}
				words = []string{"localhost"}
			}
			tasks = append(tasks, limitedTask{group, task, r.Narrow(ctx, words)})
		}
	}
	if err := errors.Join(r.Errs...); err != nil {
		return nil, err
	}
	if err := r.Hosts.Check(); err != nil {
		return nil, err
	}
	if o.notices, err = o.checkGates(tasks); err != nil {
		return nil, err
	}
	return jobsOf(tasks), nil
}

func jobsOf(tasks []limitedTask) []runner.Job {
	var jobs []runner.Job
	for _, t := range tasks {
		if len(t.Targets) > 0 {
			jobs = append(jobs, runner.Job{Group: t.group, Task: t.task, Targets: t.Targets})
		}
	}
	return jobs
}

// notHere says why a task without hosts is not meant for this machine; "" when it is.
func (o *runOptions) notHere(group *plan.Group, task *plan.Task) string {
	switch {
	case slices.ContainsFunc(o.Inventories, func(source string) bool { return source != os.DevNull }):
		return "an inventory is given"
	case len(o.Limit) > 0:
		return "--limit is given"
	case o.become.On || o.become.User != "" || becomes(task.Become) || becomes(group.Become):
		return "it runs as another user"
	}
	return ""
}

func becomes(b plan.Become) bool { return b.On != nil && *b.On }

// noHosts notes, once a group, that it says no hosts.
func noHosts(r *reach.Resolver, group *plan.Group, why string) {
	message := fmt.Sprintf("group %q says no hosts, and as %s it does not run on this machine by itself", group.Name, why)
	if !slices.ContainsFunc(r.Errs, func(err error) bool { return err.Error() == message }) {
		r.Errs = append(r.Errs, command.Hinted("name them with --delegate-to: `--delegate-to all` is the whole inventory, `--delegate-to localhost` this machine", "%s", message))
	}
}

func knownGroups(p *plan.Plan, names []string) error {
	var errs []error
	for _, name := range names {
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

func firstOf(lists ...[]string) []string {
	for _, list := range lists {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
