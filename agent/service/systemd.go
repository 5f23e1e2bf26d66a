package service

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// systemd is the system's systemd or, with user, that of an account.
type systemd struct {
	// dir is the directory of its units.
	dir  string
	user bool
	// runtime is the account's XDG_RUNTIME_DIR. lingering is the directory in which logind records lingering accounts.
	runtime, lingering string
}

// Kind implements Manager.
func (m systemd) Kind() string {
	if m.user {
		return "systemd --user"
	}
	return "systemd"
}

// Apply implements Manager.
func (m systemd) Apply(ctx context.Context, s Spec) (note string, err error) {
	text, err := m.unit(s)
	if err != nil {
		return "", err
	}
	if err := writeUnit(m.path(s), text, 0o644); err != nil {
		return "", err
	}
	if m.user {
		note = m.linger(ctx, s)
	}
	for _, args := range [][]string{{"daemon-reload"}, {"enable", unitName(s)}, {"restart", unitName(s)}} {
		if _, err := m.systemctl(ctx, args...); err != nil {
			return note, err
		}
	}
	return note, nil
}

// Remove implements Manager.
func (m systemd) Remove(ctx context.Context, s Spec) (note string, err error) {
	if exists(m.path(s)) {
		if _, err := m.systemctl(ctx, "disable", "--now", unitName(s)); err != nil {
			return "", err
		}
		if err := removeUnit(m.path(s)); err != nil {
			return "", err
		}
		if _, err := m.systemctl(ctx, "daemon-reload"); err != nil {
			return "", err
		}
		// A failed unit would still be listed. The command fails for any other unit.
		_, _ = m.systemctl(ctx, "reset-failed", unitName(s))
	}
	if m.user {
		note = m.unlinger(ctx, s)
	}
	return note, nil
}

// State implements Manager.
func (m systemd) State(ctx context.Context, s Spec) (State, error) {
	if !exists(m.path(s)) {
		return Absent, nil
	}
	out, err := m.systemctl(ctx, "is-active", unitName(s))
	switch {
	case !exited(err):
		return Stopped, err
	case strings.TrimSpace(out) == "active":
		return Running, nil
	}
	return Stopped, nil
}

// StopCommand implements Manager.
func (m systemd) StopCommand(s Spec) string {
	if m.user {
		return "systemctl --user stop " + unitName(s)
	}
	return "systemctl stop " + unitName(s)
}

func (m systemd) systemctl(ctx context.Context, args ...string) (string, error) {
	if m.user {
		return call(ctx, []string{"XDG_RUNTIME_DIR=" + m.runtime}, "systemctl", append([]string{"--user"}, args...)...)
	}
	return call(ctx, nil, "systemctl", args...)
}

func (m systemd) path(s Spec) string { return filepath.Join(m.dir, unitName(s)) }

// unitName returns the name of the unit. All its characters are valid: systemd.unit(5).
func unitName(s Spec) string { return s.id() + ".service" }

// unit returns the text of the unit: systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5).
func (m systemd) unit(s Spec) (string, error) {
	command, err := unitCommand(append([]string{s.Program}, s.arguments()...))
	if err != nil {
		return "", err
	}
	after, account, target := "", "", "default.target"
	if !m.user { // the systemd of an account has no network targets
		after = "Wants=network-online.target\nAfter=network-online.target\n"
		account, target = "# Else there would be no HOME.\nUser=root\n", "multi-user.target"
	}
	processes, sandbox := agentProcesses, noSandbox
	if s.Role == Master {
		processes, sandbox = "", ""
	}
	return `# Made by sloth-runner, which writes it anew with each upgrade: changes belong into a drop-in (systemctl edit).
[Unit]
Description=` + s.title() + `
` + after + `# It is started again for as long as it is enabled.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=` + command + `
` + account + `WorkingDirectory=-~
Restart=always
RestartSec=2
` + processes + fmt.Sprintf("TimeoutStopSec=%d\n", int(StopLimit.Seconds())) + sandbox + `
[Install]
WantedBy=` + target + "\n", nil
}

// Settings for agents that a master, which runs no tasks, does not have.
const (
	agentProcesses = `# The agent ends what its runs started. What a task left behind on purpose, as a server that it deployed, is not the
# agent's to end, nor the reason to end the agent when memory runs out.
KillMode=process
OOMPolicy=continue
`
	noSandbox = `# No sandbox: what is taken from the agent is taken from its tasks. NoNewPrivileges= would break sudo in them,
# ProtectSystem= deployments, PrivateTmp= the exchange of files, MemoryDenyWriteExecute= programs with a JIT.
`
)

// unitCommand quotes a command line for a unit: in double quotes, with C escapes, and with % and $ escaped.
func unitCommand(words []string) (string, error) {
	quoted := make([]string, len(words))
	for i, word := range words {
		if i == 0 || i == len(words)-1 {
			if err := checkPath(word); err != nil {
				return "", err
			}
		}
		quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(word) + `"`
		if i > 0 {
			// $ has no meaning in the program itself: systemd.service(5), COMMAND LINES.
			quoted[i] = strings.ReplaceAll(quoted[i], "$", "$$")
		}
	}
	return strings.Join(quoted, " "), nil
}
