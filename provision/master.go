package provision

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"sloth-runner/agent/program"
	"sloth-runner/agent/service"
	"sloth-runner/internal/atomicfile"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/registry"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

const (
	// masterProgram, in a master's directory, is the link to the program of its service, and masterService has what keeps it
	// running.
	masterProgram = "sloth-runner"
	masterService = "service"

	// masterLimit is how long a master may take, once started, until it answers, and masterPause the time between tries.
	masterLimit = 30 * time.Second
	masterPause = 50 * time.Millisecond
)

// Master is a master on this machine and its service.
type Master struct {
	// Dir is the master's directory, absolute.
	Dir string
	// IsUsual says that it is the one of this account; others have services with names of their own.
	IsUsual bool
	// Place is where services go.
	Place service.Place
}

// Spec is the service as its manager sees it.
func (m *Master) Spec() service.Spec {
	s := service.Spec{Role: service.Master, State: m.Dir, Program: filepath.Join(m.Dir, masterProgram)}
	if !m.IsUsual {
		s.Name = fmt.Sprintf("%x", sha256.Sum256([]byte(m.Dir)))[:8]
	}
	return s
}

// Install makes the master a service of this machine that runs an executable, which other accounts can't change, and starts it, or
// starts it again. It returns what keeps it running, and what a person should know. After a
// failure the service is what it was, if there was one.
func (m *Master) Install(ctx context.Context, executable string) (kind, note string, err error) {
	config, err := registry.LoadConfig(m.Dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = &fault.Error{Err: fmt.Errorf("there is no master in %s", m.Dir), Hint: "`sloth-runner master init` makes one"}
		}
		return "", "", err
	}
	if err := program.Check(executable); err != nil {
		return "", "", &fault.Error{
			Err:  fmt.Errorf("%s is no program for a service: %w", executable, err),
			Hint: "put it where only root and this account can write, for instance into /usr/local/bin",
		}
	}
	if err := program.CheckDir(m.Dir); err != nil {
		return "", "", err
	}
	manager, isNew, err := m.manager()
	if err != nil {
		return "", "", err
	}
	state, err := manager.State(ctx, m.Spec())
	if err != nil {
		return "", "", err
	}
	if state != service.Running {
		if err := m.isFree(ctx, config.Listen); err != nil {
			return "", "", err
		}
	}
	before, err := os.Readlink(m.Spec().Program)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", "", err
	}
	if note, err = m.apply(ctx, manager, executable); err != nil {
		err = m.undo(context.WithoutCancel(ctx), manager, isNew, before, err)
	}
	return manager.Kind(), note, err
}

// undo makes the service what it was before an installation that failed. before is the program that it had; "": none.
func (m *Master) undo(ctx context.Context, manager service.Manager, isNew bool, before string, failure error) error {
	if isNew {
		_, err := m.remove(ctx, manager)
		return errors.Join(failure, err)
	}
	if before == "" {
		return failure
	}
	if _, err := m.apply(ctx, manager, before); err != nil {
		return errors.Join(failure, fmt.Errorf("start the program of before again, %s: %w", before, err))
	}
	return &fault.Error{Err: fmt.Errorf("%w; the program of before runs again: %s", failure, before), Hint: fault.Hint(failure)}
}

// isFree returns an error if a service could not serve: it would only be started again and again.
func (m *Master) isFree(ctx context.Context, address string) error {
	if m.answers(ctx) == nil {
		return &fault.Error{Err: fmt.Errorf("a master runs in %s already, and is no service", m.Dir), Hint: "stop it first"}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return &fault.Error{
			Err:  fmt.Errorf("listen on %s: %w", address, fault.Plain(err)),
			Hint: "another address is set with `sloth-runner master set --listen`",
		}
	}
	return listener.Close()
}

// apply starts the service and waits until the master answers.
func (m *Master) apply(ctx context.Context, manager service.Manager, program string) (note string, err error) {
	link := m.Spec().Program
	err = errors.Join(atomicfile.Symlink(program, link),
		trust.WriteFile(m.Dir, masterService, []byte(manager.Kind()+"\n"), 0o600))
	if err != nil {
		return "", err
	}
	if note, err = manager.Apply(ctx, m.Spec()); err != nil {
		return note, err
	}
	ctx, cancel := context.WithTimeout(ctx, masterLimit)
	defer cancel()
	for {
		if err = m.answers(ctx); err == nil {
			return note, nil
		}
		if !pause.For(ctx, masterPause) {
			return note, fmt.Errorf("the master does not answer: %w%s", err, m.Spec().LastLogLine())
		}
	}
}

// answers returns nil if a master serves the directory.
func (m *Master) answers(ctx context.Context) error {
	master := client.NewLocal(registry.SocketPath(m.Dir))
	defer master.Close()
	_, err := master.List(ctx, 0)
	return err
}

// Uninstall stops the service and removes it; the master's directory stays. was is false if there was none, and note is what a
// person should know.
func (m *Master) Uninstall(ctx context.Context) (was bool, note string, err error) {
	manager, isNew, err := m.manager()
	if err != nil || isNew {
		return false, "", err
	}
	note, err = m.remove(ctx, manager)
	return true, note, err
}

func (m *Master) remove(ctx context.Context, manager service.Manager) (note string, err error) {
	if note, err = manager.Remove(ctx, m.Spec()); err != nil {
		return note, err
	}
	for _, name := range []string{masterProgram, masterService} {
		if err := os.Remove(filepath.Join(m.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return note, err
		}
	}
	return note, nil
}

// manager is what the master was given to, or else, where it is no service yet, what this machine has.
func (m *Master) manager() (manager service.Manager, isNew bool, err error) {
	return service.Recorded(filepath.Join(m.Dir, masterService), m.Place)
}
