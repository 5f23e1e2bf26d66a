package plan

import "time"

// MaxName bounds the names of groups and tasks, in bytes: they stand in tables, events and messages.
const MaxName = 200

// Plan is what is to be run: groups of tasks, in the order in which they run.
type Plan struct {
	// File is the name of the .sloth file, for messages; of a plan that stands in no file what it is.
	File string
	// Source is the file's text, which hosts need for the functions in it; nil: there is no file.
	Source []byte
	Groups []*Group
	// Offers are the files that tasks may copy to hosts, besides those that every plan offers.
	Offers []Offer
}

// Offer is what of the operator's machine tasks may copy to hosts.
type Offer struct {
	// Pattern is of paths below the directory of the plan's file, with slashes; it may have *, ? and **. All that is below a directory
	// that matches is offered as well. Where Path is set it is the name that hosts know it by.
	Pattern string
	// Path is a file or directory of the operator's machine; "": what Pattern says is offered.
	Path string
	// Line of the file, from 1; 0: unknown.
	Line int
}

// Group is tasks that belong together. A file's groups are the entries of TaskDefinitions.
type Group struct {
	Name        string
	Description string
	// DelegateTo are the words that name the group's hosts; empty: not said.
	DelegateTo []string
	Become     Become
	// KeepGoing says that a failed task of the group ends nothing but what depends on it.
	KeepGoing bool
	Tasks     []*Task
	// Line of the file, from 1; 0: unknown.
	Line int
}

// Task is one task of a group.
type Task struct {
	Name        string
	Description string
	Action      Action
	// DependsOn are names of tasks in the same group, all of which exist.
	DependsOn []string
	// DelegateTo are the words that name the task's hosts; empty: those of the group.
	DelegateTo []string
	// Become is as whom the task runs, where it says so: else as the group says.
	Become Become
	// Timeout limits the task on each host; 0: none.
	Timeout time.Duration
	// IgnoreErrors says that a failure of the task counts as success for all that comes after it.
	IgnoreErrors bool
	// Always says that the task runs although another one failed before it: what it depends on only has to have ended.
	Always bool
	// Line of the file, from 1; 0: unknown.
	Line int
}

// TaskRef names a task in a plan.
type TaskRef struct{ Group, Task string }

// Ref returns the name of a group's task.
func Ref(group, task string) TaskRef { return TaskRef{Group: group, Task: task} }

// Become is what a group or a task says of the user that tasks run as.
type Become struct {
	// On is whether they run as another user; nil: not said. A User without become says yes.
	On *bool
	// User and Method are "" where they are not said.
	User, Method string
}
