package become

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// escalation starts this program as another user.
type escalation struct {
	account
	// ask requests the password. It is called at most once.
	ask      func() (*proto.Password, error)
	password []byte
}

// start starts the program and returns the connection to it. It first tries without a terminal and with this agent's own
// file. If one of these is the problem, it is changed and the start is tried again, once for each.
func (e *escalation) start(ctx context.Context) (net.Conn, error) {
	defer func() { clear(e.password) }()
	method, err := e.pick()
	if err != nil {
		return nil, err
	}
	// doas asks only on a terminal, and writes nothing to standard error that could be waited for.
	terminal := method.name == "doas"
	var last error
	for program, err := range programsFor(e.user) {
		if err != nil {
			return nil, errors.Join(last, err)
		}
		var conn net.Conn
		conn, last = e.attempt(ctx, method, program, terminal)
		if !terminal && wantsTerminal(last) {
			terminal = true
			conn, last = e.attempt(ctx, method, program, terminal)
		}
		if last == nil || !cannotExecute(last) {
			return conn, last
		}
	}
	return nil, last
}

// pick returns the method and finds its program.
func (e *escalation) pick() (method, error) {
	names := []string{e.account.method}
	if names[0] == "" {
		names = []string{"sudo", "doas"}
		if os.Geteuid() == 0 {
			names = append(names, "su")
		}
	}
	for _, name := range names {
		m, known := methods[name]
		if !known {
			return method{}, fmt.Errorf("become_method %q is not known to this agent", name)
		}
		if path, err := exec.LookPath(name); err == nil {
			m.name, m.path = name, path
			return m, nil
		}
	}
	if e.account.method != "" {
		return method{}, fmt.Errorf("this host has no %s", e.account.method)
	}
	return method{}, &fault.Error{Err: errors.New("this host has neither sudo nor doas"), Hint: "su is used only where become_method says so"}
}

// attempt starts the program once.
func (e *escalation) attempt(ctx context.Context, m method, program string, terminal bool) (net.Conn, error) {
	marker, err := randomHex()
	if err != nil {
		return nil, err
	}
	command := m.command([]string{program, "agent", "serve", "--stdio", "--marker", marker, "--child", os.Getenv(languageVar)})
	p, err := startPrompter(m.path, m.args(e.user, promptWith(marker), command), terminal)
	if err != nil {
		return nil, err
	}
	p.marker, p.command = marker, strings.Join(command, " ")
	if err := e.negotiate(ctx, p, m); err != nil {
		p.close()
		return nil, err
	}
	return p.conn(e.user), nil
}

// promptWith returns the prompt for sudo. Its marker is random, so that no other output can be taken for the prompt.
func promptWith(marker string) string { return "[" + marker + "] password: " }

func randomHex() (string, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("make a marker: %w", err)
	}
	return hex.EncodeToString(random), nil
}
