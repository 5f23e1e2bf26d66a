package service

import (
	"context"
	"time"
)

// StopLimit is how long an agent has, from SIGTERM on, to finish its runs. A master needs less.
const StopLimit = 90 * time.Second

// Spec says what is to be kept running.
type Spec struct {
	// Role is what it does.
	Role Role
	// Name is the agent's, which trust.CheckName has approved. A master's is empty, or tells it from others of the account.
	Name string
	// Program is the absolute path of the link to what is started.
	Program string
	// State is the directory of the agent or master, absolute. The program is given it, and what a manager must remember lies
	// there.
	State string
}

// State is what a manager knows of a service.
type State int

// The states.
const (
	Absent State = iota
	Stopped
	Running
)

// Manager is what keeps services running. Its methods return when the thing is done.
type Manager interface {
	// Kind is what it is called. It stays the same from version to version: it is written down when a service is installed.
	Kind() string
	// Apply makes the service be what the Spec says, started now and, where that can be, when the host is. One that runs
	// is stopped first. note is what a person should know who relies on it.
	Apply(ctx context.Context, s Spec) (note string, err error)
	// Remove stops the service and removes what Apply made; where there is none, that is no error.
	Remove(ctx context.Context, s Spec) (note string, err error)
	// State reports what became of it.
	State(ctx context.Context, s Spec) (State, error)
	// StopCommand is what a person types on the host to stop the service and have it stay stopped until it is started.
	StopCommand(s Spec) string
}
