package sloth

import "time"

// Plan is what a .sloth file asks for: groups of tasks, in the file's order.
type Plan struct {
	// File is the name of the file, for messages.
	File string
	// Source is its text.
	Source []byte
	Groups []*Group
}

// Group is one entry of TaskDefinitions.
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
	// Shell is the command when it is a string; "" when it is a Lua function.
	Shell string
	// Script is what runs instead of Shell; nil: there is none. No file has one: see PlanOf.
	Script *Script
	// Argv is a program and its arguments, which run without a shell instead of Shell; empty: there are none. No file has
	// them: see Argv.
	Argv []string
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

// Become is what a group or a task says of the user that tasks run as.
type Become struct {
	// On is whether they run as another user; nil: not said. A User without become says yes.
	On *bool
	// User and Method are "" where they are not said.
	User, Method string
}
