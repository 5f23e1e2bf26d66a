package bootstrap

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/tools/testhost"
)

// victimID is the number of an account that nothing else on the machine has.
const victimID = 54321

// TestOthersCantBecomeTheAccount: where another user may exchange the cached agent, or a directory above it, that user
// does so all the time, and the account never starts what is put there.
func TestOthersCantBecomeTheAccount(t *testing.T) {
	if os.Geteuid() != 0 {
		mustHaveInCI(t, "root, which alone can be two users")
		return
	}
	t.Parallel()
	base, program := testhost.OpenDir(t)
	starts := 50
	if testhost.Full() {
		starts = 250
	}
	for _, c := range []struct {
		name string
		// others may write to open, and exchange this in it.
		open, exchanged string
		owner           int
	}{
		{"the home", "home", ".cache", victimID},
		{"the directory of caches", "home/.cache", "sloth-runner", victimID},
		{"the cache itself", "home/.cache/sloth-runner", "agent-" + aDigest, victimID},
		{"a directory above the home", ".", "home", testhost.Nobody},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAttacked(t, filepath.Join(base, newMarker()))
			if said := a.start(t); !strings.Contains(said, a.marker+" ready") {
				t.Fatalf("where no other user can write, the agent does not start: %s", said)
			}
			place := filepath.Join(a.dir, "own", c.open)
			testhost.Own(t, place, c.owner, 0o777)
			trap := filepath.Join(place, "trap")
			if err := os.Rename(filepath.Join(a.dir, "other", c.open, c.exchanged), trap); err != nil {
				t.Fatal(err)
			}
			stop := testhost.Exchange(t, program, filepath.Join(place, c.exchanged), trap)
			for range starts {
				if said := a.start(t); strings.Contains(said, " ready") {
					t.Errorf("an agent was started where another user may write: %s", said)
					break
				}
			}
			stop()
			if n := len(list(t, a.sprung)); n > 0 {
				t.Errorf("another user's program was started %d times", n)
			}
		})
	}
}

// attacked is an account on a machine with another user.
type attacked struct {
	dir, sprung, marker, script string
}

var aDigest = strings.Repeat("a", 64)

// newAttacked makes two trees, the account's own and another user's, that differ in the owner and in what the agent does.
func newAttacked(t *testing.T, dir string) *attacked {
	t.Helper()
	a := &attacked{dir: dir, sprung: filepath.Join(dir, "sprung"), marker: newMarker()}
	a.script = wrap(`m=` + a.marker + `; ` + nameAgent([]payload.Agent{{SHA256: aDigest}}) + cacheHome + try + ` try "$c/sloth-runner";` + end)
	testhost.Own(t, dir, 0, 0o755)
	testhost.Own(t, a.sprung, testhost.Nobody, 0o777)
	for name, id := range map[string]int{"own": victimID, "other": testhost.Nobody} {
		tree := filepath.Join(dir, name)
		testhost.Own(t, tree, 0, 0o755)
		for _, part := range []string{"home", "home/.cache", "home/.cache/sloth-runner"} {
			testhost.Own(t, filepath.Join(tree, part), id, 0o755)
		}
		agent := filepath.Join(tree, "home/.cache/sloth-runner/agent-"+aDigest)
		text := "#!/bin/sh\necho \"$5 ready\"\n"
		if name == "other" {
			text += ": >" + a.sprung + "/$$\n"
		}
		write(t, agent, text, 0o755)
		if err := os.Chown(agent, id, id); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// start runs the line of the warm start as the account.
func (a *attacked) start(t *testing.T) string {
	t.Helper()
	cmd := testhost.AsUser(exec.Command("/bin/sh", "-c", a.script), victimID)
	cmd.Env = []string{"HOME=" + filepath.Join(a.dir, "own/home"), "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the line ended with %v: %s", err, out)
	}
	return string(out)
}
