package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// program is a command line that is run several times.
type program struct {
	argv []string
	env  []string
}

// turn is one run of a program.
type turn struct {
	wall   time.Duration
	cpu    time.Duration // of the process alone, in user and kernel mode
	output []byte
}

// run runs the program once.
func (p program) run(ctx context.Context) (turn, error) { return p.watched(ctx, func(int) {}) }

// watched is run with a function that examines the running process.
func (p program) watched(ctx context.Context, watch func(pid int)) (turn, error) {
	cmd := exec.CommandContext(ctx, p.argv[0], p.argv[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, &stdout, &stderr
	// An interrupt at the terminal is sent to this process only, which passes it on. A second one would make the
	// program exit at once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return turn{}, err
	}
	watch(cmd.Process.Pid)
	err := cmd.Wait()
	wall := time.Since(began)
	if err != nil {
		return turn{}, fmt.Errorf("%s: %w\n%s%s", filepath.Base(p.argv[0]), err, stdout.Bytes(), stderr.Bytes())
	}
	return turn{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), stdout.Bytes()}, nil
}

// floorOn returns the floor program for these hosts.
func (l *lab) floorOn(hosts []host, command string, flags ...string) program {
	argv := append([]string{l.floor, "-key", l.key, "-known-hosts", l.known, "-cmd", command}, flags...)
	for _, h := range hosts {
		argv = append(argv, h.user+"@"+h.address)
	}
	return program{argv, l.environment()}
}

// runOn returns a sloth-runner command for these hosts.
func (l *lab) runOn(hosts []host, source string, flags ...string) (program, error) {
	inventory, err := l.inventoryOf(hosts)
	if err != nil {
		return program{}, err
	}
	file, err := l.slothFile(source)
	if err != nil {
		return program{}, err
	}
	argv := []string{l.bin, "run", "-f", file, "-i", inventory, "-k", l.key, "--known-hosts", l.known, "--delegate-to", "all"}
	return program{append(argv, flags...), l.environment()}, nil
}

func (l *lab) slothFile(source string) (string, error) {
	file, err := os.CreateTemp(l.dir, "*.sloth")
	if err != nil {
		return "", err
	}
	defer file.Close()
	_, err = file.WriteString(source)
	return file.Name(), err
}

// environment is the user's environment without the variables that point to the user's files and keys.
func (l *lab) environment() []string {
	var env []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if name != "HOME" && name != "SSH_AUTH_SOCK" && !strings.HasPrefix(name, "XDG_") {
			env = append(env, variable)
		}
	}
	return append(env, "HOME="+filepath.Join(l.dir, "operator"))
}

// build compiles a program of this module with the same flags as package testhost.
func (l *lab) build(ctx context.Context, file, path string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", file, path)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", path, err, text)
	}
	return nil
}
