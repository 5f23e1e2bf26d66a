package service

import "path/filepath"

// Role is what a service does.
type Role int

// The roles.
const (
	Agent Role = iota
	Master
)

// String returns the name of the role for messages.
func (r Role) String() string {
	if r == Master {
		return "master"
	}
	return "agent"
}

// arguments returns the arguments of the program.
func (s *Spec) arguments() []string {
	if s.Role == Master {
		return []string{"master", "start", "--dir", s.State}
	}
	return []string{"agent", "serve", "--state", s.State}
}

// supervising returns the arguments with which the same program is the supervisor.
func (s *Spec) supervising() []string {
	if s.Role == Master {
		return []string{"master", "supervise", "--dir", s.State}
	}
	return []string{"agent", "supervise", "--state", s.State}
}

// id returns the name of the service for its manager. Names of agents have a prefix, so that no agent's id can be that
// of a master.
func (s *Spec) id() string {
	switch {
	case s.Role == Agent:
		return "sloth-runner-" + s.Name
	case s.Name != "":
		return "sloth-master-" + s.Name
	}
	return "sloth-master"
}

// title returns a title for people.
func (s *Spec) title() string {
	if s.Role == Master {
		return "sloth-runner master"
	}
	return "sloth-runner agent " + s.Name
}

// log returns the path of the file with the program's output.
func (s *Spec) log() string { return filepath.Join(s.State, s.Role.String()+".log") }
