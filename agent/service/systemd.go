package service

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// systemd is that of the host or, with user, of an account.
type systemd struct {
	// dir is where its units are.
	dir  string
	user bool
	// runtime is the account's XDG_RUNTIME_DIR, lingering the directory in which logind notes who lingers.
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
		// One that had failed would still be listed. One that had not is none that it knows.
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

// unitName is made of characters that all are allowed in the name of a unit: systemd.unit(5).
func unitName(s Spec) string { return s.id() + ".service" }

// unit is the text of the service: systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5).
func (m systemd) unit(s Spec) (string, error) {
	command, err := unitCommand(append([]string{s.Program}, s.arguments()...))
	if err != nil {
		return "", err
	}
	after, account, target := "", "", "default.target"
	if !m.user { // an account's systemd knows nothing of the network
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

// What the unit of an agent has beside that of a master, which runs no tasks.
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

// unitCommand is a command line as units have it: in double quotes, with C's escapes, and no meaning of % and $.
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
			// Not in the program itself, where it has no meaning: systemd.service(5), COMMAND LINES.
			quoted[i] = strings.ReplaceAll(quoted[i], "$", "$$")
		}
	}
	return strings.Join(quoted, " "), nil
}
