package service

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// supervisor is the manager of hosts that have none.
type supervisor struct{}

const (
	// startLimit limits how long a supervisor may take to start the agent.
	startLimit = 30 * time.Second
)

// noBoot returns the note that the supervisor does not start the service at boot.
func noBoot(s Spec) string {
	return fmt.Sprintf("this host has no service manager for the account: the %s is started again when it ends, but not when the host is", s.Role)
}

// Kind implements Manager.
func (supervisor) Kind() string { return "supervisor" }

// Apply implements Manager.
func (m supervisor) Apply(ctx context.Context, s Spec) (note string, err error) {
	before, alive, err := m.known(ctx, s)
	if err != nil {
		return noBoot(s), err
	}
	if alive && syscall.Kill(before.supervisor, syscall.SIGHUP) == nil {
		if alive, err = m.restarted(ctx, s, before.round); alive || err != nil {
			return noBoot(s), err
		}
	}
	return noBoot(s), m.start(ctx, s)
}

// restarted waits until the supervisor has begun a new round. alive is false if the supervisor ended instead. It does
// not check for a running agent: one that ends at once may run only between two checks. The caller checks whether the
// agent answers.
func (supervisor) restarted(ctx context.Context, s Spec, round int64) (alive bool, err error) {
	ctx, stop := context.WithTimeoutCause(ctx, commandLimit, fmt.Errorf("the supervisor has not started the %s anew", s.Role))
	defer stop()
	waitErr := poll(ctx, func() bool {
		var now processes
		now, alive, err = running(s.State)
		return err != nil || !alive || now.round != round
	})
	return alive, errors.Join(err, waitErr)
}

// start starts a supervisor as a child of the system's first process, so that the process that installs the agent does
// not have to reap it.
func (supervisor) start(ctx context.Context, s Spec) error {
	ctx, stop := context.WithTimeout(ctx, startLimit)
	defer stop()
	log, err := openLog(s)
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	defer log.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	defer read.Close()
	defer context.AfterFunc(ctx, func() { interrupt(read) })()
	arguments := append([]string{"-c", `"$@" </dev/null &`, "sh", s.Program}, s.supervising()...)
	cmd := exec.CommandContext(ctx, "/bin/sh", arguments...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = write, log, "/"
	err = errors.Join(cmd.Run(), write.Close())
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	// The pipe ends after the line, or when the supervisor has ended without it.
	if line, _ := bufio.NewReader(read).ReadString('\n'); line != readyLine {
		return fmt.Errorf("the supervisor did not start the %s%s", s.Role, s.LastLogLine())
	}
	return nil
}

// Remove implements Manager.
func (m supervisor) Remove(ctx context.Context, s Spec) (note string, err error) {
	p, alive, err := m.known(ctx, s)
	if err != nil || !alive {
		return "", err
	}
	if err := syscall.Kill(p.supervisor, syscall.SIGTERM); err != nil {
		return "", fmt.Errorf("stop the supervisor: %w", err)
	}
	if m.ended(ctx, s, commandLimit) == nil {
		return "", nil
	}
	// Its process group has only the agent and the supervisor.
	if err := syscall.Kill(-p.supervisor, syscall.SIGKILL); err != nil {
		return "", fmt.Errorf("kill the supervisor: %w", err)
	}
	return "", m.ended(ctx, s, startLimit)
}

// known waits until a supervisor that has just taken the lock has written its process number.
func (supervisor) known(ctx context.Context, s Spec) (p processes, alive bool, err error) {
	ctx, stop := context.WithTimeoutCause(ctx, startLimit, errors.New("the supervisor does not say which process it is"))
	defer stop()
	waitErr := poll(ctx, func() bool {
		p, alive, err = running(s.State)
		return err != nil || !alive || p.supervisor > 0
	})
	return p, alive, errors.Join(err, waitErr)
}

func (supervisor) ended(ctx context.Context, s Spec, limit time.Duration) error {
	ctx, stop := context.WithTimeoutCause(ctx, limit, errors.New("the supervisor does not end"))
	defer stop()
	return poll(ctx, func() bool {
		_, alive, err := running(s.State)
		return err == nil && !alive
	})
}

// State implements Manager.
func (supervisor) State(_ context.Context, s Spec) (State, error) {
	p, alive, err := running(s.State)
	switch {
	case err != nil:
		return Stopped, err
	case alive && p.agent > 0:
		return Running, nil
	case alive || exists(filepath.Join(s.State, lockFile)):
		return Stopped, nil
	}
	return Absent, nil
}

// StopCommand implements Manager. A supervisor that gets SIGTERM ends the agent first.
func (supervisor) StopCommand(s Spec) string {
	p, alive, err := running(s.State)
	if err != nil || !alive || p.supervisor == 0 {
		return ""
	}
	return fmt.Sprintf("kill %d", p.supervisor)
}
