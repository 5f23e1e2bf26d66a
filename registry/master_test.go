package registry

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

func TestOneMasterADirectory(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	_, err := Open(t.Context(), m.dir, testConfig())
	if err == nil || !strings.Contains(err.Error(), "another master has") || fault.Hint(err) == "" {
		t.Errorf("a second master began: %v", err)
	}
	if err := Init(t.Context(), m.dir, "m2", testConfig(), ""); err == nil || !strings.Contains(err.Error(), "has an authority already") {
		t.Errorf("it was made anew: %v", err)
	}
	if _, err := Open(t.Context(), newDir(t), testConfig()); err == nil || !strings.Contains(err.Error(), "there is no master in") {
		t.Errorf("a master of nothing began: %v", err)
	}
	info, err := os.Stat(m.Socket())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket has mode %v (%v)", info.Mode(), err)
	}
}

// What a master did and refused is written down, and counted for Prometheus.
func TestAuditAndMetrics(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	config := testConfig()
	config.Metrics = "127.0.0.1:0"
	if err := Init(t.Context(), dir, "m1", config, ""); err != nil {
		t.Fatal(err)
	}
	m := serveMasterWith(t, dir, config)
	bob := m.client(t, m.join(t, trust.Reader, "bob"))
	if err := bob.Remove(t.Context(), "web-1"); err == nil || !strings.Contains(err.Error(), "reader bob may not call Remove: that takes an operator or the administrator") {
		t.Errorf("a reader removed an agent: %v", err)
	}
	m.attach(t, m.join(t, trust.Agent, "web-1"), agentReport())
	var log []byte
	for _, name := range []string{"audit.jsonl", "refused.jsonl"} {
		part, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, part...)
	}
	for _, want := range []string{
		`"who":"the administrator","did":"CreateToken","what":"reader bob","result":"done"`,
		`"did":"Join","what":"reader bob","result":"done"`,
		`"did":"Remove","result":"refused: reader bob may not call Remove`,
	} {
		if !strings.Contains(string(log), want) {
			t.Errorf("the audit log has no %s:\n%s", want, log)
		}
	}
	answer, err := http.Get("http://" + m.MetricsAddress() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`sloth_runner_agents{state="active"} 1`, "sloth_runner_refusals_total 1", `sloth_runner_calls_total{method="Join"} 2`,
	} {
		if !strings.Contains(string(text), want+"\n") {
			t.Errorf("the metrics have no %s:\n%s", want, text)
		}
	}
}

// A member goes on with the next master when one is not there.
func TestFailover(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	holder := m.join(t, trust.Operator, "anna")
	const nobody = "127.0.0.1:1"
	masters := client.NewMasters(holder, []string{nobody, m.Address()})
	defer masters.Close()
	if err := (&client.Renewer{Masters: masters, Holder: holder}).Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := masters.Addresses()[0]; got != m.Address() {
		t.Errorf("it has not remembered which one works: %s", got)
	}
	alone := client.New(holder, []string{nobody})
	defer alone.Close()
	_, err := alone.List(t.Context(), 0)
	if err == nil || !strings.Contains(err.Error(), "Failed to connect to 127.0.0.1:1: connection refused") || !fault.Temporary(err) {
		t.Errorf("nobody listens: %v", err)
	}
}

// An agent that comes back after a clean end is there again.
func TestComesBack(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	holder := m.join(t, trust.Agent, "web-1")
	m.attach(t, holder, agentReport()).end()
	await(t, m.admin(t), "its end", gone("web-1"))
	m.attach(t, holder, agentReport())
	await(t, m.admin(t), "it is there again", func(agents map[string]*proto.RegisteredAgent) bool {
		return agents["web-1"].GetState() == proto.RegisteredAgent_ACTIVE
	})
}
