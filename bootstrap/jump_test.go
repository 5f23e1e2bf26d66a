package bootstrap

import (
	"os"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/runner/state"
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
		op.target.SSH.Jumps = append(op.target.SSH.Jumps, asJump(name, fleet.Hosts[i], fleet.ClientKey))
	}
	return fleet, op
}

// One connection to the jump host serves all hosts behind it, also where sshd allows one session and one start.
func TestJumpHostIsShared(t *testing.T) {
	fleet, o := behind(t, 5, testhost.Options{MaxSessions1: true, MaxStartups: "1"}, "bastion")
	o.visit(t, cold)
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
	if ended := o.runShell(t, "seq 1 100000"); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
	for _, h := range fleet.Hosts[:3] {
		if n := h.Authentications(); n != 1 {
			t.Errorf("%d logins at %s", n, h.Name)
		}
	}
}

func TestFailuresOfJumpHosts(t *testing.T) {
	fleet, o := behind(t, 3, testhost.Options{}, "first", "second")
	host := o.target.Name
	refusal := func(stage fault.Stage, change func(jumps []sshconfig.Host), words ...string) {
		t.Helper()
		each := newOperator(t, fleet.Hosts[2])
		each.target.SSH.Jumps = append([]sshconfig.Host{}, o.target.SSH.Jumps...)
		change(each.target.SSH.Jumps)
		each.refusal(t, stage, append(words, host+": ")...)
		_, _, err := each.connect(t.Context())
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
	o.refusal(t, fault.Connect, "jump host bastion: it does not allow connections to "+o.target.Address, "AllowTcpForwarding")
}

// When the shared connection ends, so do those through it, and say why; the next host dials anew.
func TestJumpHostThatIsLost(t *testing.T) {
	t.Parallel()
	fleet, o := behind(t, 2, testhost.Options{}, "bastion")
	conn, _, err := o.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, jump := range o.jumps.jumps {
		jump.link.Close()
	}
	answer := make([]byte, 1<<10)
	for err == nil {
		_, err = conn.Read(answer)
	}
	if want := "the connection to jump host bastion was lost"; err.Error() != want {
		t.Errorf("the connection ended with %q, want %q", err, want)
	}
	conn.Close()
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
	o.target.SSH.Jumps[0].Address = silent.Addr()
	o.target.SSH.Jumps[0].ConnectTimeout = shortLimit
	for _, err := range reachAll(t, o, fleet.Hosts) {
		mustFail(t, err, fault.Handshake, "jump host bastion: connected, but no SSH banner came")
	}
	if n := silent.Accepted(); n != 1 {
		t.Errorf("dialled %d times", n)
	}
}

// relay is the test program as a proxy command: it passes on a connection, like netcat.
func relay(address string) string {
	return "env " + relayVar + "=" + address + " '" + os.Args[0] + "'"
}

func TestProxyCommand(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.target.SSH.ProxyCommand = relay(h.Addr())
	if ended := o.runShell(t, "seq 1 100000"); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
	// It is the first part of the way to a jump host, too.
	fleet, through := behind(t, 2, testhost.Options{}, "bastion")
	through.target.SSH.Jumps[0].ProxyCommand = relay(fleet.Hosts[0].Addr())
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
		o.target.SSH.ProxyCommand = command
		o.refusal(t, fault.Connect, want)
	}
}

// A command that says nothing, and what it leaves behind, end with the limit of the stage.
func TestProxyCommandThatHangs(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.Timeout = shortLimit
	o.target.SSH.ProxyCommand = "sh -c 'trap \"\" TERM HUP; sleep 600 & sleep 600'"
	o.refusal(t, fault.Handshake, "no SSH banner came")
}

func TestServerAlive(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	proxy := proxyTo(t, h)
	o := newOperator(t, h)
	o.target.Address = proxy.Addr()
	// A busy host may be silent for seconds while an agent is copied to it.
	o.target.SSH.ServerAliveInterval, o.target.SSH.ServerAliveCountMax = time.Second, 12
	conn, _, err := o.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	proxy.Cut()
	answer := make([]byte, 1<<10)
	for err == nil {
		_, err = conn.Read(answer)
	}
	if !strings.Contains(err.Error(), "no sign of life for ") {
		t.Errorf("the connection ended with %q", err)
	}
	conn.Close()
	proxy.Heal()
	mustBeQuiet(t, h)
}

// A host that answers is never given up, however long it has nothing else to say.
func TestServerAliveWithAnswers(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.target.SSH.ServerAliveInterval, o.target.SSH.ServerAliveCountMax = 100*time.Millisecond, 100
	// It is silent for longer than is borne without an answer.
	if ended := o.runShell(t, "sleep 12"); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
}

func TestSetEnv(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"AcceptEnv LAB_*"}})
	o := newOperator(t, h)
	o.target.SSH.SetEnv = []string{"LAB_A=one two", "NOT_ACCEPTED=x", "LAB_B=a=b"}
	if ended := o.runShell(t, `test "$LAB_A" = "one two" && test "$LAB_B" = a=b && test -z "$NOT_ACCEPTED"`); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
}
