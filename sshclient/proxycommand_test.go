package sshclient

import (
	"os"
	"strings"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
)

// relay is the test program as a proxy command: it passes on a connection, like netcat.
func relay(address string) string {
	return "env " + relayVar + "=" + address + " '" + os.Args[0] + "'"
}

func TestProxyCommand(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.host.ProxyCommand = relay(h.Addr())
	o.runs(t, "seq 1 100000")
	// It is the first part of the way to a jump host, too.
	fleet, through := behind(t, 2, testhost.Options{}, "bastion")
	through.host.Jumps[0].ProxyCommand = relay(fleet.Hosts[0].Addr())
	through.reaches(t)
}

func TestProxyCommandThatFails(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	for command, want := range map[string]string{
		"sh -c 'echo no way >&2; exit 3'": "the proxy command ended with exit status 3; stderr: no way",
		"/nonexistent/program":            "the proxy command ended with exit status 127; stderr: ",
		"true":                            "the proxy command ended",
	} {
		o := newOperator(t, h)
		o.host.ProxyCommand = command
		o.refusal(t, fault.Connect, want)
	}
}

// A command that says nothing, and what it leaves behind, end with the limit of the stage.
func TestProxyCommandThatHangs(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.Timeout = shortLimit
	o.host.ProxyCommand = "sh -c 'trap \"\" TERM HUP; sleep 600 & sleep 600'"
	o.refusal(t, fault.Handshake, "no SSH banner came")
}

// TestProxyCommandSpeaks: what a proxy command says on stderr is shown while it is waited for.
func TestProxyCommandSpeaks(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.host.ProxyCommand = "sh -c 'echo open https://login.example/abc to log in >&2; exec " + relay(h.Addr()) + "'"
	o.reaches(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, text := range o.notices {
		if strings.Contains(text, "the proxy command says: open https://login.example/abc") {
			return
		}
	}
	t.Errorf("it was not shown: %v", o.notices)
}

// TestProxyCommandThatWaits: where a limit ends a stage, the error has the last words of the other side.
func TestProxyCommandThatWaits(t *testing.T) {
	t.Parallel()
	o := newOperator(t, testhost.New(t, testhost.Options{}))
	o.Timeout = shortLimit
	o.host.ProxyCommand = "sh -c 'echo open https://login.example/abc to log in >&2; sleep 600'"
	o.refusal(t, fault.Handshake, "no SSH banner came", "the proxy command said: open https://login.example/abc to log in", "--connect-timeout")
}
