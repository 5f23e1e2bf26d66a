package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sloth-runner/agent/role"
	"sloth-runner/bootstrap/payload/agents"
	"sloth-runner/view"
)

// update rewrites what the tests compare with, where it is made from the program itself.
var update = flag.Bool("update", false, "rewrite docs/commands.md")

// TestMain makes this test binary the program, in both of its roles: scripts start it as sloth-runner, and it is the agent
// that they start on this machine. What it copies to hosts is the agent as it is built for them.
func TestMain(m *testing.M) {
	if role := role.Of(os.Args[1:]); role != nil {
		os.Exit(role("test"))
	}
	testscript.Main(m, map[string]func(){
		"sloth-runner": func() {
			agents.Files = os.DirFS(os.Getenv(agentsVar))
			os.Exit(Main("test", os.Args[1:]))
		},
	})
}

// agentsVar names the directory with the agent, which `make build` embeds into the program.
const agentsVar = "SLOTH_TEST_AGENTS"

// TestScripts runs testdata/*.txtar: what users type, and what they then see. script_commands_test.go has the commands
// that scripts have besides those of testscript.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	agent := buildAgent(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
			env.Setenv("ROOT", root)
			// Nobody else's master and agents are those of the test.
			env.Setenv("SLOTH_RUNNER_ROOT", filepath.Join(env.WorkDir, "root"))
			env.Setenv("FORMATS", strings.Join(view.Formats(), " or "))
			env.Setenv("EXAMPLES", filepath.Join(root, "examples"))
			env.Setenv(agentsVar, agent.embedded)
			env.Values[scriptKey{}] = newScript(env, agent)
			return os.MkdirAll(filepath.Join(home, ".ssh"), 0o700)
		},
		Cmds:                scriptCommands,
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
	})
}
