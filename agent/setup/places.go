package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/program"
	"sloth-runner/agent/service"
	"sloth-runner/internal/fault"
)

// serviceFile, in the state directory, has the kind of the agent's service manager.
const serviceFile = "service"

// places are the directories of a persistent agent on this host.
type places struct {
	// name is the name of its directories and its service: the one at installation, which a renamed agent keeps.
	name string
	// state is its state directory, with the link to the program. programs is the directory with the program, which is
	// named after its SHA-256.
	state, programs string
	// roots are directories that are never removed, even if they are empty.
	roots []string
	// service is where services are installed.
	service service.Place
}

// placesOf returns the places of the agent with that name, for this account. It refuses a name that could lead to
// another directory.
func placesOf(name string, getenv func(string) string) (places, error) {
	state, err := persistent.FindState(name, getenv)
	if err != nil {
		return places{}, err
	}
	root := getenv(persistent.RootVar)
	name = filepath.Base(state)
	p := places{name: name, state: state, service: service.Place{Root: root, UID: os.Geteuid()}}
	if os.Geteuid() == 0 {
		// The accounts that tasks become execute it too.
		p.programs = filepath.Join(root, "/usr/local/lib/sloth-runner", name)
		p.roots = []string{filepath.Join(root, "/usr/local/lib"), filepath.Join(root, "/var/lib"), filepath.Join(root, "/Library/Application Support")}
		return p, nil
	}
	if p.service.Home, err = os.UserHomeDir(); err != nil {
		return places{}, fmt.Errorf("find the home directory: %w", err)
	}
	p.programs = filepath.Join(state, "bin")
	p.roots = []string{p.service.Home, getenv("XDG_STATE_HOME")}
	return p, nil
}

// spec returns the description of the service.
func (p *places) spec() service.Spec {
	return service.Spec{Name: p.name, Program: p.link(), State: p.state}
}

func (p *places) link() string { return filepath.Join(p.state, service.ProgramFile) }

// current returns the installed program; "": none.
func (p *places) current() (string, error) {
	target, err := os.Readlink(p.link())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for the installed agent: %w", err)
	}
	return target, nil
}

// manager returns the manager that the agent was installed with, or else that of this host.
func (p *places) manager() (service.Manager, error) {
	manager, _, err := service.Recorded(filepath.Join(p.state, serviceFile), p.service)
	return manager, err
}

// clear removes all files of the agent, and the directories above them that are then empty.
func (p *places) clear() error {
	for _, dir := range []string{p.programs, p.state} {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove the agent: %w", err)
		}
		p.prune(filepath.Dir(dir))
	}
	return nil
}

// prune removes a directory and those above it, while they are empty and not roots.
func (p *places) prune(dir string) {
	for ; !p.isRoot(dir); dir = filepath.Dir(dir) {
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}

// isRoot reports whether a directory is a root, or not below one.
func (p *places) isRoot(dir string) bool {
	for _, root := range p.roots {
		if root != "" && strings.HasPrefix(dir, filepath.Clean(root)+string(filepath.Separator)) {
			return false
		}
	}
	return true
}

// safeParents returns an error if others could replace files in a directory. It begins with the first directory that
// exists.
func safeParents(dir string) error {
	for ; ; dir = filepath.Dir(dir) {
		_, err := program.SafeDir(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case errors.Is(err, program.ErrUnsafe):
			return &fault.Error{
				Err:  fmt.Errorf("%s is no place for the agent's key: %w", dir, err),
				Hint: "give the directory to the agent's account, and take write permission from all others",
			}
		case err != nil:
			return fmt.Errorf("look at %s: %w", dir, fault.Plain(err))
		default:
			return nil
		}
	}
}
