package registry

import (
	"errors"
	"strings"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

func agentReport() *proto.AgentReport { return &proto.AgentReport{Address: ":50051"} }

func gone(name string) func(map[string]*proto.RegisteredAgent) bool {
	return func(agents map[string]*proto.RegisteredAgent) bool {
		return agents[name].GetState() == proto.RegisteredAgent_GONE
	}
}

// An agent takes its new name by itself, with its tags, and its old certificate is good for nothing.
func TestRename(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	holder := m.join(t, trust.Agent, "web-1")
	before := trust.NewHolder(holder.Current())
	m.attach(t, holder, agentReport())
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	if _, err := operator.Tag(t.Context(), "web-1", map[string]string{"role": "web"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := operator.Rename(t.Context(), "web-1", "db-1"); err != nil {
		t.Fatal(err)
	}
	await(t, operator, "its new name", func(agents map[string]*proto.RegisteredAgent) bool {
		return agents["web-1"] == nil && agents["db-1"].GetState() == proto.RegisteredAgent_ACTIVE && agents["db-1"].GetTags()["role"] == "web"
	})
	if got := holder.Current().Identity; got != (trust.Identity{Role: trust.Agent, Name: "db-1"}) {
		t.Errorf("the agent thinks that it is %s", got)
	}
	if err := renew(t, m, before); err == nil || !strings.Contains(err.Error(), "agent web-1 is refused: its certificate is revoked") {
		t.Errorf("the old certificate: %v", err)
	}
}

func renew(t *testing.T, m *testMaster, holder *trust.Holder) error {
	t.Helper()
	masters := client.NewMasters(holder, []string{m.Address()})
	defer masters.Close()
	return (&client.Renewer{Masters: masters, Holder: holder}).Renew(t.Context())
}

// A revoked operator is refused by the master, and agents and others have the list at once.
func TestRevoke(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	agent := m.join(t, trust.Agent, "web-1")
	m.attach(t, agent, agentReport())
	eve := m.join(t, trust.Operator, "eve")
	operator := m.client(t, eve)
	if _, err := operator.List(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	_, changed := agent.Watch()
	if n, err := m.admin(t).Revoke(t.Context(), eve.Current().Identity); n != 1 || err != nil {
		t.Fatalf("revoked %d (%v), want 1", n, err)
	}
	<-changed
	if !agent.Current().Revocations.Has(eve.Current().Cert.SerialNumber) {
		t.Error("the agent has another list")
	}
	_, err := operator.List(t.Context(), 0)
	var explained *fault.Error
	if !errors.As(err, &explained) || explained.Stage != fault.Authenticate || explained.Hint == "" || !strings.Contains(err.Error(), "operator eve is refused: its certificate is revoked") {
		t.Errorf("the revoked operator: %v (%q)", err, fault.Hint(err))
	}
}

// An agent that is set up anew takes its name from the one of before when it comes, and not earlier.
func TestReplace(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	old := m.join(t, trust.Agent, "web-1")
	m.attach(t, old, agentReport())
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := operator.Issue(t.Context(), "web-1", request, false); err == nil || !strings.Contains(err.Error(), "there is an agent web-1, which is attached") {
		t.Errorf("issued beside an agent that is there: %v", err)
	}
	answer, err := operator.Issue(t.Context(), "web-1", request, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := renew(t, m, trust.NewHolder(old.Current())); err != nil {
		t.Errorf("the old agent before the new one comes: %v", err)
	}
	c, err := client.Complete(&trust.Credentials{Key: key}, answer)
	if err != nil {
		t.Fatal(err)
	}
	m.attach(t, trust.NewHolder(c), agentReport())
	if err := renew(t, m, trust.NewHolder(old.Current())); err == nil || !strings.Contains(err.Error(), "agent web-1 is refused: its certificate is revoked") {
		t.Errorf("the old agent after the new one has come: %v", err)
	}
}
