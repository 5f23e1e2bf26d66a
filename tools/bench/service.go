package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"
)

// startLimit limits the start of a master or an agent.
const startLimit = 2 * time.Minute

// service is a program that runs until it is stopped.
type service struct {
	cmd  *exec.Cmd
	out  *output
	kind string
}

// output is the output of a service so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
	select {
	case o.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (o *output) find(pattern *regexp.Regexp) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return pattern.FindStringSubmatch(o.text.String())
}

// startService starts a program.
func (l *lab) startService(ctx context.Context, kind string, argv ...string) (*service, error) {
	s := &service{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), out: &output{more: make(chan struct{}, 1)}, kind: kind}
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = l.environment(), s.out, s.out
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 10 * time.Second
	return s, s.cmd.Start()
}

// await waits for a line of the service, and returns its submatch.
func (s *service) await(ctx context.Context, pattern string) (string, error) {
	compiled := regexp.MustCompile(pattern)
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		if found := s.out.find(compiled); found != nil {
			return found[1], nil
		}
		select {
		case <-s.out.more:
		case <-ctx.Done():
			return "", fmt.Errorf("%s does not serve: %w\n%s", s.kind, ctx.Err(), s.out.text.String())
		}
	}
}

// stop ends the service as a user does.
func (s *service) stop() error {
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	if err == nil {
		err = s.cmd.Wait()
	}
	if err != nil {
		return fmt.Errorf("stop %s: %w", s.kind, err)
	}
	return nil
}

// usage is the CPU time and the resident memory, in bytes, of a process.
type usage struct {
	cpu      time.Duration
	resident int64
}

// usage returns the CPU time used so far (proc_pid_stat(5)), and the resident memory.
func (s *service) usage() (usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return usage{}, errors.New("this system has no CPU time of processes in /proc")
	}
	var state string
	var skipped, user, system int64
	fields := []any{&state}
	for range 10 {
		fields = append(fields, &skipped)
	}
	// The name before the last parenthesis may contain any character.
	if _, err := fmt.Sscan(string(stat[bytes.LastIndexByte(stat, ')')+1:]), append(fields, &user, &system)...); err != nil {
		return usage{}, fmt.Errorf("read /proc: %w", err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return usage{}, err
	}
	resident, _ := kilobytes(status, "VmRSS")
	return usage{time.Duration(user+system) * clockTick, resident}, nil
}

// usageIn returns the CPU time of services while they are measured, and their memory at the end.
func usageIn(ctx context.Context, watch time.Duration, services ...*service) ([]usage, error) {
	used := make([]usage, len(services))
	for i, s := range services {
		before, err := s.usage()
		if err != nil {
			return nil, err
		}
		used[i].cpu = -before.cpu
	}
	if err := pause(ctx, watch); err != nil {
		return nil, err
	}
	for i, s := range services {
		after, err := s.usage()
		if err != nil {
			return nil, err
		}
		used[i].cpu += after.cpu
		used[i].resident = after.resident
	}
	return used, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// clockTick is the unit of times in /proc: Linux always reports 100 ticks a second.
const clockTick = 10 * time.Millisecond

// master is a master with its own directory.
type master struct {
	*service
	dir, address string
}

// startMaster makes a master and starts it.
func (l *lab) startMaster(ctx context.Context) (*master, error) {
	// The path of a socket has to be short.
	dir, err := os.MkdirTemp("", "sm-")
	if err != nil {
		return nil, err
	}
	m := &master{dir: dir}
	init := program{[]string{l.bin, "master", "init", "--dir", dir, "--name", "m1", "--listen", "127.0.0.1:0"}, l.environment()}
	if _, err := init.run(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if m.service, err = l.startService(ctx, "the master", l.bin, "master", "start", "--dir", dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if m.address, err = m.await(ctx, `the master serves (\S+)`); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *master) close() error { return errors.Join(m.stop(), os.RemoveAll(m.dir)) }

// token makes a file with a token.
func (l *lab) token(ctx context.Context, m *master, name, role string) (string, error) {
	made, err := program{[]string{l.bin, "master", "token", "--dir", m.dir, "--name", name, "--role", role}, l.environment()}.run(ctx)
	if err != nil {
		return "", err
	}
	file := filepath.Join(l.dir, "token-"+name)
	return file, os.WriteFile(file, made.output, 0o600)
}
