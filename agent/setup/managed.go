package setup

import (
	"os"
	"path/filepath"
)

// Manager is what the agent of a state directory was given to when it was installed, and how it is stopped there.
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
