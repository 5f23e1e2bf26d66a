package sshclient

import (
	"strings"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// asJump is a host as one to go through, by the first one's key.
func asJump(name string, h *testhost.Host, key string) sshconfig.Host {
	return sshconfig.Host{Name: name, Address: h.Addr(), Settings: sshconfig.Settings{User: h.User, IdentityFiles: []string{key}}}
}

// behind is a fleet, and an operator who knows it and goes to its last host through others.
func behind(t *testing.T, n int, o testhost.Options, jumps ...string) (*testhost.Fleet, *operator) {
	t.Helper()
	fleet := testhost.NewHosts(t, n, o)
	op := newOperator(t, fleet.Hosts[n-1])
	for i, name := range jumps {
		op.host.Jumps = append(op.host.Jumps, asJump(name, fleet.Hosts[i], fleet.ClientKey))
	}
	return fleet, op
}

// One connection to the jump host serves all hosts behind it, also where sshd allows one session and one start.
func TestJumpHostIsShared(t *testing.T) {
	fleet, o := behind(t, 5, testhost.Options{MaxSessions1: true, MaxStartups: "1"}, "bastion")
	o.runs(t, "true")
	for _, err := range reachAll(t, o, fleet.Hosts[1:]) {
		if err != nil {
			t.Errorf("%v (hint: %s)", err, fault.Hint(err))
		}
	}
	if n := fleet.Hosts[0].Connections(); n != 1 {
		t.Errorf("%d connections to the jump host", n)
	}
	mustBeQuiet(t, fleet.Hosts[0])
}

func TestJumpHostsInARow(t *testing.T) {
	t.Parallel()
	fleet, o := behind(t, 4, testhost.Options{}, "first", "second", "third")
	o.runs(t, "seq 1 100000")
	for _, h := range fleet.Hosts[:3] {
		if n := h.Authentications(); n != 1 {
			t.Errorf("%d logins at %s", n, h.Name)
		}
	}
}

func TestFailuresOfJumpHosts(t *testing.T) {
	fleet, o := behind(t, 3, testhost.Options{}, "first", "second")
	host := o.host.Name
	refusal := func(stage fault.Stage, change func(jumps []sshconfig.Host), words ...string) {
		t.Helper()
		each := newOperator(t, fleet.Hosts[2])
		each.host.Jumps = append([]sshconfig.Host{}, o.host.Jumps...)
		change(each.host.Jumps)
		each.refusal(t, stage, append(words, host+": ")...)
		_, err := each.Dial(t.Context(), each.host, each.note)
		if n := strings.Count(err.Error(), "jump host"); n != 1 {
			t.Errorf("%d jump hosts are named: %v", n, err)
		}
	}
	refusal(fault.Authenticate, func(jumps []sshconfig.Host) { jumps[1].IdentityFiles = strangers(t, 1) },
		"jump host second: ", "permission denied")
	refusal(fault.Authenticate, func(jumps []sshconfig.Host) { jumps[0].IdentityFiles = strangers(t, 1) },
		"jump host first: ", "permission denied")
	refusal(fault.Handshake, func(jumps []sshconfig.Host) { jumps[1].HostKeyAlias = "stranger" },
		"jump host second: ", "host key is not known")
	port, err := testhost.Refusing()
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	refusal(fault.Connect, func(jumps []sshconfig.Host) { jumps[0].Address = port.Addr() },
		"jump host first: Failed to connect to "+port.Addr()+": connection refused")
	refusal(fault.Connect, func(jumps []sshconfig.Host) { jumps[1].Address = port.Addr() },
		"jump host first: Failed to connect to "+port.Addr(), "refused")
}

func TestJumpHostThatForbidsForwarding(t *testing.T) {
	_, o := behind(t, 2, testhost.Options{NoForwarding: true}, "bastion")
	o.refusal(t, fault.Connect, "jump host bastion: it does not allow connections to "+o.host.Address, "AllowTcpForwarding")
}

// When the shared connection ends, so do those through it, and say why; the next host dials anew.
func TestJumpHostThatIsLost(t *testing.T) {
	fleet, o := behind(t, 2, testhost.Options{}, "bastion")
	client := o.client(t)
	for _, jump := range o.jumps.jumps {
		jump.link.Close()
	}
	_ = client.link.Wait() // its error is that of net.ErrClosed
	if err := client.WrapCause(ErrClosed); err.Error() != "the connection to jump host bastion was lost" {
		t.Errorf("the connection ended with %q", err)
	}
	client.Close()
	o.reaches(t)
	if n := fleet.Hosts[0].Connections(); n != 2 {
		t.Errorf("%d connections to the jump host", n)
	}
}

// A silent jump host is given up within its limit, and so are the hosts behind it.
func TestSilentJumpHost(t *testing.T) {
	t.Parallel()
	silent, err := testhost.Silent()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	fleet, o := behind(t, 2, testhost.Options{}, "bastion")
	o.host.Jumps[0].Address = silent.Addr()
	o.host.Jumps[0].ConnectTimeout = shortLimit
	for _, err := range reachAll(t, o, fleet.Hosts) {
		mustFail(t, err, fault.Handshake, "jump host bastion: connected, but no SSH banner came")
	}
	if n := silent.Accepted(); n != 1 {
		t.Errorf("dialled %d times", n)
	}
}
