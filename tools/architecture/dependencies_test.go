package architecture

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// kept are what packages must not depend on, over however many others.
var kept = []struct {
	why      string
	tags     string
	packages []string
	without  []string
	// except are packages below those in without that are allowed.
	except []string
}{
	{"plans and records have nothing of Lua", "", []string{"./plan/...", "./runner", "./view", "./journal"}, []string{"github.com/yuin/gopher-lua"}, nil},
	{"hosts and errors have nothing of the wire", "", []string{"./plan/...", "./inventory/...", "./internal/fault"}, []string{"google.golang.org"}, nil},
	{"views and records have nothing of what makes the events", "", []string{"./view", "./journal"}, []string{module + "/runner", module + "/inventory"}, []string{module + "/runner/state"}},
	{"an agent has nothing of the operator", "agent", []string{"."}, []string{
		module + "/cli", module + "/runner", module + "/view", module + "/journal", module + "/bootstrap", module + "/connect", module + "/inventory", module + "/registry",
		module + "/transfer/offer",
		"github.com/spf13", "github.com/schollz", "github.com/pkg/sftp", "golang.org/x/crypto/ssh", "go.etcd.io",
	}, []string{module + "/registry/client"}},
}

// TestDependencies looks at all that a package is linked with, not only at what it imports itself.
func TestDependencies(t *testing.T) {
	for _, k := range kept {
		arguments := append([]string{"list", "-deps", "-tags", k.tags}, k.packages...)
		cmd := exec.CommandContext(t.Context(), "go", arguments...)
		cmd.Dir = "../.."
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v", strings.Join(arguments, " "), err)
		}
		found := strings.Fields(string(out))
		if len(found) < len(k.packages) {
			t.Fatalf("%s: go list names %q", k.why, found)
		}
		for _, dependency := range found {
			for _, other := range k.without {
				if within(dependency, other) && !slices.Contains(k.except, dependency) {
					t.Errorf("%s, but %v depend on %s", k.why, k.packages, dependency)
				}
			}
		}
	}
}
