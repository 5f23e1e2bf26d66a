package registry

import (
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/trust"
)

// From nothing to an agent that an operator sees, and that is no more when it is removed.
func TestFleet(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	agent := m.attach(t, m.join(t, trust.Agent, "web-1"), &proto.AgentReport{Address: ":50051", Tags: map[string]string{"role": "web"}})

	list, err := operator.List(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	web := byName(list)["web-1"]
	if web.GetState() != proto.RegisteredAgent_ACTIVE || web.GetAddress() != "127.0.0.1:50051" || web.GetTags()["role"] != "web" {
		t.Errorf("listed as %v", web)
	}
	if again, err := operator.List(t.Context(), list.GetVersion()); err != nil || len(again.GetAgents()) > 0 {
		t.Errorf("the same list was sent again: %v (%v)", again, err)
	}
	if _, err := operator.Tag(t.Context(), "web-1", map[string]string{"role": "db", "site": "a"}, nil); err != nil {
		t.Error(err)
	}
	await(t, operator, "its tags", func(agents map[string]*proto.RegisteredAgent) bool {
		return agents["web-1"].GetTags()["role"] == "db" && agents["web-1"].GetTags()["site"] == "a"
	})
	agent.end()
	await(t, operator, "a clean end", func(agents map[string]*proto.RegisteredAgent) bool {
		return agents["web-1"].GetState() == proto.RegisteredAgent_GONE
	})
	if err := operator.Remove(t.Context(), "web-1"); err != nil {
		t.Error(err)
	}
	if err := operator.Remove(t.Context(), "web-1"); err == nil || !strings.Contains(err.Error(), "there is no agent web-1") {
		t.Errorf("it was removed twice: %v", err)
	}
}
