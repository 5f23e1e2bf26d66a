package service

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"sloth-runner/internal/shell"
)

// openRC is the manager of Alpine and Gentoo.
type openRC struct {
	// dir is the directory of its scripts.
	dir string
}

// Kind implements Manager.
func (openRC) Kind() string { return "OpenRC" }

// Apply implements Manager.
func (m openRC) Apply(ctx context.Context, s Spec) (note string, err error) {
	text, err := m.script(s)
	if err != nil {
		return "", err
	}
	if err := writeUnit(m.path(s), text, 0o755); err != nil {
		return "", err
	}
	if _, err := call(ctx, nil, "rc-update", "add", rcName(s), "default"); err != nil {
		return "", err
	}
	_, err = call(ctx, nil, "rc-service", rcName(s), "restart")
	return "", err
}

// Remove implements Manager.
func (m openRC) Remove(ctx context.Context, s Spec) (note string, err error) {
	if !exists(m.path(s)) {
		return "", nil
	}
	if _, err := call(ctx, nil, "rc-service", "--ifstarted", rcName(s), "stop"); err != nil {
		return "", err
	}
	// rc-update(8) also fails for each runlevel that does not have the service.
	if _, err := call(ctx, nil, "rc-update", "--all", "delete", rcName(s)); err != nil && (!exited(err) || m.inRunlevel(s)) {
		return "", err
	}
	return "", removeUnit(m.path(s))
}

// State implements Manager.
func (m openRC) State(ctx context.Context, s Spec) (State, error) {
	if !exists(m.path(s)) {
		return Absent, nil
	}
	_, err := call(ctx, nil, "rc-service", rcName(s), "status")
	switch {
	case err == nil:
		return Running, nil
	case exited(err):
		return Stopped, nil
	}
	return Stopped, err
}

// StopCommand implements Manager.
func (openRC) StopCommand(s Spec) string { return "rc-service " + rcName(s) + " stop" }

// inRunlevel reports whether the service is started at boot. Names of agents have no characters with a meaning for Glob.
func (m openRC) inRunlevel(s Spec) bool {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(m.dir), "runlevels", "*", rcName(s)))
	return err != nil || len(found) > 0
}

func (m openRC) path(s Spec) string { return filepath.Join(m.dir, rcName(s)) }

func rcName(s Spec) string { return s.id() }

// script returns the script of the service: openrc-run(8), supervise-daemon(8). OpenRC evaluates command_args like a
// shell, so its words are quoted twice.
func (m openRC) script(s Spec) (string, error) {
	if strings.HasSuffix(s.Name, ".sh") {
		return "", errors.New("OpenRC runs no services whose names end in .sh")
	}
	args := s.arguments()
	for _, path := range []string{s.Program, s.State} {
		if err := checkPath(path); err != nil {
			return "", err
		}
	}
	for i, arg := range args {
		args[i] = shell.Quote(arg)
	}
	return `#!/sbin/openrc-run
# Made by sloth-runner, which writes it anew with each upgrade: settings belong into /etc/conf.d.
description=` + shell.Quote(s.title()) + `
supervisor=supervise-daemon
command=` + shell.Quote(s.Program) + `
command_args=` + shell.Quote(strings.Join(args, " ")) + `
respawn_delay=2
respawn_max=0
` + fmt.Sprintf("retry=TERM/%d/KILL/5\n", int(StopLimit.Seconds())) + `
depend() {
	use net
	after firewall
}
`, nil
}
