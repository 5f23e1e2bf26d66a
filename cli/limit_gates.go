package cli

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/cli/command"
	"sloth-runner/runner/jobs"
	"sloth-runner/view/layout"
)

// checkGates returns an error for gates that --limit leaves without any host, unless the user wants it so. The notices say which
// gates there are; with several groups, a task is named with its group.
func (o *runOptions) checkGates(gates []*jobs.Gate, several bool) (notices []string, err error) {
	var errs []error
	for _, g := range gates {
		name := g.Task.Task.Name
		if several {
			name = g.Group.Name + "/" + name
		}
		out := firstNames(layout.Fold(g.Out))
		switch left, all := len(g.Targets), len(g.Targets)+len(g.Out); {
		case left > 0:
			notices = append(notices, fmt.Sprintf("%s runs on %d of its %d hosts, not on %s; waiting for it: %s", name, left, all, out, firstNames(g.Waiting)))
		case !o.limitAnyway && len(g.Direct) > 0:
			errs = append(errs, command.Hinted(
				fmt.Sprintf("take hosts of %s into the limit, which are %s, or let it count as done with --limit-anyway", name, out),
				"--limit leaves no host to task '%s', on which '%s' depends", name, firstNames(g.Direct)))
		default:
			notices = append(notices, fmt.Sprintf("%s runs on none of the hosts: taken as done", name))
		}
	}
	return notices, errors.Join(errs...)
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
