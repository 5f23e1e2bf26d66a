package agent

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

// errRunEnded is why no command can be started any more.
var errRunEnded = errors.New("the run has ended")

// launch starts a command, and closes this process's copies of its streams. It may wait for ever for the file system that has
// the program: then it is left when ctx ends, and what it starts after all is ended.
func (p *processes) launch(ctx context.Context, start starter, streams stdio) (*exec.Cmd, error) {
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

// start starts a command, without sh where that makes no difference.
func (p *processes) start(command string, streams stdio) (*exec.Cmd, error) {
	if cmd := direct(command); cmd != nil && p.startGroup(cmd, streams) == nil {
		return cmd, nil
	}
	// What the system can't start, a shell may: a script without a first line for the system's loader. Else it says why.
	cmd := shellCommand(command)
	if err := p.startGroup(cmd, streams); err != nil {
		return nil, fmt.Errorf("start sh: %w", err)
	}
	return cmd, nil
}

// startGroup starts cmd and remembers its group, so that killAll ends it.
func (p *processes) startGroup(cmd *exec.Cmd, streams stdio) error {
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = streams.out, streams.err, processGroup()
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

// reach returns when the file system that has a program answers. Without it the wait would be in os/exec, which starts no
// other command of this process meanwhile: syscall.ForkLock. What is wrong with the program is said by its start.
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

// remember keeps a group for killAll, unless that was called.
func (p *processes) remember(group int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.groups[group] = struct{}{}
	}
	return !p.closed
}

// discard ends a command that was started too late.
func (p *processes) discard(cmd *exec.Cmd) {
	p.signal(cmd.Process.Pid, kill)
	_ = cmd.Wait() // how it ended is of no interest
}
