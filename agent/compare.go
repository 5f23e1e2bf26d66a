package agent

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// compare returns how the tasks that this host found in the file differ from those of the operator; "" if they do not.
// The text of shell commands is not compared, because the operator's text is run.
func compare(sent []*proto.Task, found *plan.Plan) string {
	theirs := make([]string, len(sent))
	for i, task := range sent {
		theirs[i] = signature(task.GetGroup(), task.GetName(), task.GetDependsOn(), task.Shell != nil)
	}
	var ours []string
	for _, group := range found.Groups {
		for _, task := range group.Tasks {
			ours = append(ours, signature(group.Name, task.Name, task.DependsOn, isShell(task)))
		}
	}
	if slices.Equal(theirs, ours) {
		return ""
	}
	for i := range max(len(theirs), len(ours)) {
		switch {
		case i >= len(theirs):
			return "also " + ours[i]
		case i >= len(ours):
			return "no " + theirs[i]
		case theirs[i] != ours[i]:
			return fmt.Sprintf("%s instead of %s", ours[i], theirs[i])
		}
	}
	return ""
}

func isShell(task *plan.Task) bool {
	_, is := task.Action.(plan.Shell)
	return is
}

func signature(group, name string, dependsOn []string, shell bool) string {
	text := fmt.Sprintf("task %q of group %q", name, group)
	if shell {
		text += " as a shell command"
	}
	if len(dependsOn) > 0 {
		text += " after " + strings.Join(dependsOn, ", ")
	}
	return text
}
