package agent

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sloth-runner/agent/process"
	"sloth-runner/internal/shell"
	"sloth-runner/proto"
)

// deed is what a task that is no function does, in a few words. A dry run does not do it: what a command changes is not known before.
func deed(task *proto.Task) string {
	switch {
	case task.Setup != nil:
		return "set up the agent " + task.GetSetup().GetName()
	case task.Script != nil:
		return "run the script " + shell.Type(append([]string{task.GetScript().GetName()}, texts(task.GetScript().GetArguments())...)...)
	case len(task.GetArgv()) > 0:
		return "run " + firstLine(shell.Type(texts(task.GetArgv())...))
	}
	return "run " + firstLine(task.GetShell())
}

// firstLine is the first line of a command, with how many follow.
func firstLine(command string) string {
	first, rest, more := strings.Cut(strings.TrimSpace(command), "\n")
	if !more {
		return first
	}
	lines := strings.Count(rest, "\n") + 1
	if lines == 1 {
		return first + " (and 1 more line)"
	}
	return fmt.Sprintf("%s (and %d more lines)", first, lines)
}

// views are what each account of a dry run would have changed. An agent sees only what its own tasks would have: the agents of
// other accounts do not hand each other what their accounts may not read. The zero value is for runs that are not dry.
type views struct {
	// changed are the accounts whose tasks would have changed something; nil: the run is not dry.
	changed map[string]bool
	// said are the accounts whose tasks were warned.
	said map[string]bool
}

func newViews(dryRun bool) views {
	if !dryRun {
		return views{}
	}
	return views{changed: map[string]bool{}, said: map[string]bool{}}
}

// userOf is the account that a task runs as.
func userOf(task *proto.Task) string {
	if RunsAsOther(task) {
		return task.GetBecome().GetUser()
	}
	return process.AccountName()
}

// note records how many changes a task would have made.
func (v views) note(task *proto.Task, changes uint32) {
	if v.changed != nil && changes > 0 {
		v.changed[userOf(task)] = true
	}
}

// unseen says what the task does not see of the changes that others would have made; "": it sees all, or it was said before.
func (v views) unseen(task *proto.Task) string {
	if v.changed == nil || !isFunction(task) {
		return ""
	}
	user := userOf(task)
	others := slices.Sorted(maps.Keys(v.changed))
	others = slices.DeleteFunc(others, func(other string) bool { return other == user })
	if len(others) == 0 || v.said[user] {
		return ""
	}
	v.said[user] = true
	return fmt.Sprintf("dry run: tasks of %s do not see what earlier tasks of %s would have changed", user, strings.Join(others, " and "))
}
