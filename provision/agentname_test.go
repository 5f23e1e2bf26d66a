package provision_test

import (
	"sloth-runner/inventory/naming"
	"sloth-runner/trust"
	"strings"
	"testing"
)

// The name of a host's agent is one that an agent can have, the host's own where it is one, and no other host's.
func FuzzAgentName(f *testing.F) {
	for _, pair := range [][2]string{
		{"web-1", "web-2"}, {"aws/web/1", "aws-web-1"}, {"aws/web/1", "aws-web/1"}, {"web+1", "web~1"}, {"ü", "ö"}, {"_", "__"},
		{strings.Repeat("a/", 100), strings.Repeat("a/", 101)}, {"a/" + strings.Repeat("ü", 60), "a."}, {"Web/1", "web/1"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == "" || strings.ContainsAny(a+b, "@:") {
			return
		}
		name := naming.Agent(a)
		if err := trust.CheckName(name); err != nil {
			t.Fatalf("AgentName(%q): %v", a, err)
		}
		if trust.CheckName(a) == nil && name != a {
			t.Errorf("AgentName(%q) = %q", a, name)
		}
		if a != b && strings.EqualFold(name, naming.Agent(b)) && !strings.EqualFold(a, b) {
			t.Errorf("%q and %q both have the agent %q", a, b, name)
		}
	})
}
