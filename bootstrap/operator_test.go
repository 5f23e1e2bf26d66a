package bootstrap

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/tools/testhost"
)

// operatorVar makes the test binary an operator's program that reaches one host, and stays until its input ends: one
// that can be killed. Its value is an errand.
const operatorVar = "SLOTH_TEST_OPERATOR"

type errand struct {
	Target     inventory.Target
	KnownHosts string
	Embedded   string
}

func operate(text string) int {
	if err := run(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func run(text string) error {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	keys := hostkeys.New([]string{e.KnownHosts}, hostkeys.Strict)
	c := &Connector{
		SSH:     &sshclient.Dialer{Keys: &identity.Keyring{}, HostKeys: keys, Timeout: stageLimit},
		Payload: &payload.Source{Path: os.Args[0], Embedded: os.DirFS(e.Embedded)},
	}
	conn, via, err := c.Connect(context.Background(), e.Target, func(*proto.Event) {})
	if err != nil {
		return err
	}
	fmt.Println(via)
	_, err = io.Copy(io.Discard, os.Stdin)
	conn.Close()
	return err
}

// startOperator starts an operator's program for a host. It ends with the test, at the latest.
func startOperator(t *testing.T, h *testhost.Host, address string) (*exec.Cmd, io.ReadCloser) {
	t.Helper()
	o := newOperatorOfAgents(t, h)
	o.target.Address = address
	text, err := json.Marshal(errand{Target: o.target, KnownHosts: h.KnownHosts, Embedded: filepath.Join(scratch, "agents")})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), operatorVar+"="+string(text))
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// It may have ended, or been killed, long before.
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, stdout
}
