package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// command returns the program as a user calls it, with a temporary home, so that the user's files and keys have no
// effect. It writes no record: that would be removed with the home.
//
// It has a process group of its own. Otherwise it would get a Ctrl-C twice, from the terminal and from this process,
// and exit at once on the second.
func (s show) command(ctx context.Context) *exec.Cmd {
	args := []string{"run", "-f", s.file, "-i", s.inventory, "--known-hosts", s.fleet.KnownHosts, "--no-record"}
	for _, host := range s.fleet.Hosts {
		args = append(args, "--delegate-to", host.Name)
	}
	cmd := exec.CommandContext(ctx, s.bin, args...)
	cmd.Env = s.environment(os.Environ())
	cmd.Stdout, cmd.Stderr = s.stdout, s.stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// environment is the user's environment without the variables that point to the user's files.
func (s show) environment(users []string) []string {
	var env []string
	for _, variable := range users {
		name, _, _ := strings.Cut(variable, "=")
		if name != "HOME" && name != "SSH_AUTH_SOCK" && !strings.HasPrefix(name, "XDG_") {
			env = append(env, variable)
		}
	}
	home := filepath.Join(s.dir, "operator")
	return append(env,
		"HOME="+home,
		"XDG_STATE_HOME="+filepath.Join(home, "state"),
		"XDG_CACHE_HOME="+filepath.Join(home, "cache"),
		"XDG_CONFIG_HOME="+filepath.Join(home, "config"),
	)
}
