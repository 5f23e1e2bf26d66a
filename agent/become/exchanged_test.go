package become

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sloth-runner/agent/program"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testneeds"
)

// lookVar makes the test binary an account's agent that looks, as often as it says, for a program that root may start.
const lookVar = "SLOTH_TEST_LOOK"

// look fails when its own path is given to root, and when the copy that is given instead is not what runs.
func look() int {
	times := 0
	if _, err := fmt.Sscan(os.Getenv(lookVar), &times); err != nil {
		return 2
	}
	for range times {
		if path, err := program.SafePath(); err == nil {
			fmt.Println("root would be started from", path)
			return 1
		}
	}
	for path, err := range programsFor("root") {
		if err != nil {
			fmt.Println(err)
			return 1
		}
		copied, err := program.DigestOf(path)
		running, ownErr := program.Digest()
		if err != nil || ownErr != nil || copied != running {
			fmt.Println("the copy is another program:", err, ownErr)
			return 1
		}
		if _, err := program.SafeDir(filepath.Dir(path)); err != nil {
			fmt.Println(err)
			return 1
		}
		return 0
	}
	return 1
}

// TestRootIsStartedFromWhatOthersCantExchange: another user keeps replacing the agent's directory, and root is started
// from a copy.
func TestRootIsStartedFromWhatOthersCantExchange(t *testing.T) {
	testneeds.Root(t, "be two users")
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		testneeds.Lacking(t, "Linux, which tells a program what it is")
	}
	t.Parallel()
	const account = 54321
	base, program := testhost.OpenDir(t)
	agent, trap := filepath.Join(base, "open/own"), filepath.Join(base, "open/other")
	for dir, id := range map[string]int{agent: account, trap: testhost.Nobody} {
		testhost.Own(t, dir, id, 0o755)
		data := []byte("#!/bin/sh\nexit 1\n")
		if dir == agent {
			var err error
			if data, err = os.ReadFile(program); err != nil {
				t.Fatal(err)
			}
		}
		file := filepath.Join(dir, "agent")
		if err := os.WriteFile(file, data, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(file, id, id); err != nil {
			t.Fatal(err)
		}
	}
	testhost.Own(t, filepath.Dir(agent), account, 0o777)
	cmd := testhost.AsUser(exec.Command(filepath.Join(agent, "agent")), account)
	cmd.Env = append(os.Environ(), lookVar+"=1000")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	// It is started before the first exchange: what counts is what root gets.
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := testhost.Exchange(t, program, agent, trap)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, out.String())
	}
	stop()
}
