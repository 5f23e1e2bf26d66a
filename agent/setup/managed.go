package setup

import (
	"os"
	"path/filepath"
)

// Manager returns the kind of the service manager that the agent of a state directory was installed with, and the
// command that stops it.
func Manager(dir string) (kind, stopCommand string) {
	if _, err := os.Stat(filepath.Join(dir, serviceFile)); err != nil {
		return "", "" // it was not installed
	}
	p, err := placesOf(filepath.Base(dir), os.Getenv)
	if err != nil {
		return "", ""
	}
	p.state, p.name = dir, filepath.Base(dir)
	manager, err := p.manager()
	if err != nil {
		return "", ""
	}
	return manager.Kind(), manager.StopCommand(p.spec())
}
