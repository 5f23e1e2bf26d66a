package service

import "path/filepath"

// Role is what a service does.
type Role int

// The roles.
const (
	Agent Role = iota
	Master
)

// String is what it is called in messages.
func (r Role) String() string {
	if r == Master {
		return "master"
	}
	return "agent"
}

// arguments are those of the program.
func (s *Spec) arguments() []string {
	if s.Role == Master {
		return []string{"master", "start", "--dir", s.State}
	}
	return []string{"agent", "serve", "--state", s.State}
}

// supervising are the arguments by which the same program is the supervisor.
func (s *Spec) supervising() []string {
	if s.Role == Master {
		return []string{"master", "supervise", "--dir", s.State}
	}
	return []string{"agent", "supervise", "--state", s.State}
}

// id is the service's name to its manager. Agents have all names behind their prefix, so that a master has none of it.
func (s *Spec) id() string {
	switch {
	case s.Role == Agent:
		return "sloth-runner-" + s.Name
	case s.Name != "":
		return "sloth-master-" + s.Name
	}
	return "sloth-master"
}

// title says what it is.
func (s *Spec) title() string {
	if s.Role == Master {
		return "sloth-runner master"
	}
	return "sloth-runner agent " + s.Name
}

// log is the file with what the program prints.
func (s *Spec) log() string { return filepath.Join(s.State, s.Role.String()+".log") }
