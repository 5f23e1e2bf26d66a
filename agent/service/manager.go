package service

import (
	"context"
	"time"
)

// StopLimit limits how long an agent may take to end its runs after SIGTERM. A master needs less.
const StopLimit = 90 * time.Second

// Spec describes a service.
type Spec struct {
	// Role is what the service does.
	Role Role
	// Name is the name of the agent, which trust.CheckName has accepted. For a master it is empty, or distinguishes it
	// from other masters of the account.
	Name string
	// Program is the absolute path of the link to the program.
	Program string
	// State is the absolute path of the state directory of the agent or master. The program gets it as an argument, and
	// managers store their own state in it.
	State string
}

// State is the state of a service.
type State int

// The states.
const (
	Absent State = iota
	Stopped
	Running
)

// Manager keeps services running. Its methods return after the work is done.
type Manager interface {
	// Kind returns the name of the manager. It never changes between versions, because it is stored when a service is
	// installed.
	Kind() string
	// Apply installs the service of the Spec, starts it, and if possible enables it at boot. A running one is stopped
	// first. note is something that the user should know.
	Apply(ctx context.Context, s Spec) (note string, err error)
	// Remove stops the service and removes what Apply made. A missing service is not an error.
	Remove(ctx context.Context, s Spec) (note string, err error)
	// State returns the state of the service.
	State(ctx context.Context, s Spec) (State, error)
	// StopCommand returns the command with which a user stops the service on the host until it is started again.
	StopCommand(s Spec) string
}
