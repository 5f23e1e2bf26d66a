package bootstrap

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sloth-runner/inventory"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/sloth"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// runShell runs a plan of one command.
func (o *operator) runShell(t *testing.T, command string) state.State {
	t.Helper()
	plan, err := sloth.Load(t.Context(), "test.sloth", fmt.Appendf(nil, "TaskDefinitions = { g = { tasks = { { name = 't', command = [==[%s]==] } } } }", command))
	if err != nil {
		t.Fatal(err)
	}
	group := plan.Groups[0]
	result, err := runner.Run(t.Context(), runner.Config{
		ID: "test", Plan: plan, Connector: o, AnswerTimeout: stageLimit,
		Jobs: []runner.Job{{Group: group, Task: group.Tasks[0], Targets: []inventory.Target{o.target}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if failure := result.Hosts[0].Failure; failure != nil {
		t.Logf("%s: %v", result.Hosts[0].State, failure)
	}
	return result.Hosts[0].State
}

// Keys are exchanged anew during long runs.
func TestKeysExchangedAnew(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"RekeyLimit 1M"}})
	if ended := newOperatorOfAgents(t, h).runShell(t, "seq 1 100000; seq 1 100000; seq 1 100000"); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
}

// A run does the same through jump hosts.
func TestRunThroughJumpHosts(t *testing.T) {
	t.Parallel()
	fleet := testhost.NewHosts(t, 3, testhost.Options{MaxSessions1: true})
	o := newOperatorOfAgents(t, fleet.Hosts[2])
	for _, h := range fleet.Hosts[:2] {
		o.target.SSH.Jumps = append(o.target.SSH.Jumps, sshconfig.Host{
			Name: h.Name, Address: h.Addr(), Settings: sshconfig.Settings{User: h.User, IdentityFiles: []string{fleet.ClientKey}},
		})
	}
	if ended := o.runShell(t, "seq 1 100000"); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
	mustBeQuiet(t, fleet.Hosts[2])
}

func TestSetEnv(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"AcceptEnv LAB_*"}})
	o := newOperatorOfAgents(t, h)
	o.target.SSH.SetEnv = []string{"LAB_A=one two", "NOT_ACCEPTED=x", "LAB_B=a=b"}
	if ended := o.runShell(t, `test "$LAB_A" = "one two" && test "$LAB_B" = a=b && test -z "$NOT_ACCEPTED"`); ended != state.Success {
		t.Errorf("the host is %s", ended)
	}
}

func TestServerAlive(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	proxy := proxyTo(t, h)
	o := newOperatorOfAgents(t, h)
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

func proxyTo(t *testing.T, h *testhost.Host) *testhost.Proxy {
	t.Helper()
	proxy, err := testhost.Delay(t.Context(), h.Addr(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	if err := h.Trust(proxy.Addr()); err != nil {
		t.Fatal(err)
	}
	return proxy
}
