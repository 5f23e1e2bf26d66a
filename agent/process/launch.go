package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"sloth-runner/internal/abandon"
)

// errRunEnded is the error for a command that is started after the end of the run.
var errRunEnded = errors.New("the run has ended")

// launch starts a command, and closes this process's copies of its streams. The start may block on the file system of
// the program. When ctx ends, launch returns without it; if the command starts later, it is killed at once.
func (p *Set) launch(ctx context.Context, start Starter, streams Streams) (*exec.Cmd, error) {
	cmd, err := abandon.Do(ctx, p.caller, abandon.Work[*exec.Cmd]{
		Call: abandon.Call{Name: "the start of a command"},
		Do: func() (*exec.Cmd, error) {
			defer streams.close()
			return start(p, streams)
		},
		Release: func(cmd *exec.Cmd, err error) {
			if err == nil {
				p.discard(cmd)
				p.forgetIfEmpty(cmd.Process.Pid)
			}
		},
	})
	if _, refused := errors.AsType[abandon.TooMany](err); refused {
		streams.close()
	}
	return cmd, err
}

// Shell starts a command that sh runs, or that does the same without it.
func Shell(command string) Starter {
	return func(p *Set, streams Streams) (*exec.Cmd, error) { return p.start(command, streams) }
}

// start starts a command, without sh if that makes no difference.
func (p *Set) start(command string, streams Streams) (*exec.Cmd, error) {
	if cmd := direct(command); cmd != nil && p.StartGroup(cmd, streams) == nil {
		return cmd, nil
	}
	// A shell can start some files that the system can't, such as a script without a first line for its interpreter.
	// Otherwise the shell reports the error.
	cmd := shellCommand(command)
	if err := p.StartGroup(cmd, streams); err != nil {
		return nil, fmt.Errorf("start sh: %w", err)
	}
	return cmd, nil
}

// StartGroup starts cmd and records its process group for KillAll. Of cmd's own attributes it keeps the account.
func (p *Set) StartGroup(cmd *exec.Cmd, streams Streams) error {
	attributes := processGroup()
	if cmd.SysProcAttr != nil {
		attributes.Credential = cmd.SysProcAttr.Credential
	}
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = streams.out, streams.err, attributes
	if streams.in != nil {
		cmd.Stdin = streams.in
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return errRunEnded
	}
	reach(cmd.Path)
	if err := cmd.Start(); err != nil {
		return err
	}
	if !p.remember(cmd.Process.Pid) {
		p.discard(cmd)
		return errRunEnded
	}
	return nil
}

// reach returns when the file system of a program answers. Otherwise os/exec would block, and because of
// syscall.ForkLock this process could not start any other command. An error of the program is reported when it is
// started.
func reach(path string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = io.ReadFull(file, make([]byte, 1))
}

// remember records a group for KillAll. It returns false after KillAll.
func (p *Set) remember(group int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.groups[group] = struct{}{}
	}
	return !p.closed
}

// discard kills a command that was started too late.
func (p *Set) discard(cmd *exec.Cmd) {
	p.signal(cmd.Process.Pid, kill)
	_ = cmd.Wait() // the result is not needed
}
