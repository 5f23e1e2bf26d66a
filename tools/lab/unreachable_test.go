//go:build linux && lab

package lab

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
)

// stageLimit is the limit for each stage of reaching a host, which the tests set; slack is for a busy machine.
const (
	stageLimit = 10 * time.Second
	slack      = 4 * time.Second
)

// mute listens in the lab's network and sends nothing. It returns its line for the inventory.
func mute(t *testing.T, name string) string {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(common.lab.Gateway(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return fmt.Sprintf("%s ansible_host=%s ansible_port=%d\n", name, common.lab.Gateway(), listener.Addr().(*net.TCPAddr).Port)
}

// TestUnreachable runs a task on hosts that fail in different ways and on good ones, which are not delayed by the
// others.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	good, bad := up(t, 3, Options{}), up(t, 3, Options{})
	other, locked, unplugged := bad[0], bad[1], bad[2]
	stranger := filepath.Join(t.TempDir(), "stranger")
	if _, err := testhost.WriteKey(stranger, "stranger"); err != nil {
		t.Fatal(err)
	}
	o := newOperator(t, good...)
	o.write(t, "known_hosts", KnownHosts(append(good, locked, unplugged)...)+
		strings.Replace(KnownHosts(good[0]), good[0].Address, other.Address, 1))
	o.add(t, mute(t, "silent")+hostLine("other-key", other)+hostLine("unplugged", unplugged)+
		fmt.Sprintf("refuses ansible_host=%s ansible_port=23\n", good[0].Address)+
		fmt.Sprintf("locked ansible_host=%s ansible_ssh_private_key_file=%s\n", locked.Address, stranger))
	if err := unplugged.Cut(); err != nil {
		t.Fatal(err)
	}

	// The good hosts have the agent already: the test compares waiting, and not copying.
	file := o.task(t, "hostname")
	o.begin(t, file, "--delegate-to", good[0].Name+","+good[1].Name+","+good[2].Name).expectStatus(t, 0)
	op := o.begin(t, file, "-o", "jsonl", "--connect-timeout", stageLimit.String())
	op.expectStatus(t, 4)
	op.expectEnd(t, proto.HostFinished_SUCCESS, good...)
	for _, c := range []struct {
		name   string
		stage  proto.Failure_Stage
		reason string
		limit  time.Duration
	}{
		{"refuses", proto.Failure_CONNECT, "connection refused", 0},
		{"unplugged", proto.Failure_CONNECT, "Failed to connect to " + unplugged.Address + ":22: no ", stageLimit}, // answer, or route
		{"silent", proto.Failure_HANDSHAKE, "no SSH banner came", stageLimit},
		{"other-key", proto.Failure_HANDSHAKE, "host key has changed: known is ssh-ed25519 SHA256:", 0},
		{"locked", proto.Failure_AUTHENTICATE, "permission denied", 0},
	} {
		end := op.endOf(t, c.name).GetHostFinished()
		if end.GetState() != proto.HostFinished_UNREACHABLE || end.GetFailure().GetStage() != c.stage || !strings.Contains(end.GetFailure().GetReason(), c.reason) {
			t.Errorf("%s: %v", c.name, end)
		}
		if took := end.GetDuration().AsDuration(); took > c.limit+slack {
			t.Errorf("%s was given up only after %v", c.name, took)
		}
		for _, host := range good {
			if c.name == "silent" && op.endOf(t, host.Name).GetTime().AsTime().After(op.endOf(t, c.name).GetTime().AsTime()) {
				t.Errorf("%s waited for %s", host.Name, c.name)
			}
		}
	}
}
