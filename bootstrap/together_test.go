package bootstrap

import (
	"bufio"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
)

// Ten operators start on the same host at the same moment, and one is killed while it copies the agent.
func TestTenOperatorsAtOnce(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		proxy := proxyTo(t, h)
		victim, _ := startOperator(t, h, proxy.Addr())
		waitFor(t, "an upload under way", func() bool {
			if proxy.BytesUp() < 1<<20 {
				return false
			}
			proxy.Cut()
			return true
		})
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				o := newOperatorOfAgents(t, h)
				conn, _, err := o.connect(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				answers(t, conn)
				conn.Close()
			})
		}
		if err := victim.Process.Signal(syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		all.Wait()
		proxy.Heal()
		proxy.Close()
		mustBeQuiet(t, h)
		agents, uploads := 0, 0
		for _, name := range list(t, cacheOf(h)) {
			switch {
			case agentName.MatchString(name):
				agents++
			case strings.HasPrefix(name, "upload-"):
				uploads++
			default:
				t.Errorf("left behind: %s", name)
			}
		}
		if agents != 1 || uploads > 1 {
			t.Errorf("%d agents and %d uploads are left", agents, uploads)
		}
		newOperatorOfAgents(t, h).visit(t, warm)
	})
}

// However an operator's program ends, nothing stays on the host but its agent's file.
func TestKilledOperator(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		victim, stdout := startOperator(t, h, h.Addr())
		if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "SSH_COLD\n" {
			t.Fatalf("the operator says %q, %v", line, err)
		}
		if pids, err := h.Processes(); err != nil || len(pids) == 0 {
			t.Fatalf("no agent runs: %v, %v", pids, err)
		}
		if err := victim.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		mustBeQuiet(t, h)
		mustHoldOneAgent(t, cacheOf(h))
	})
}

// A host that is cut off in the middle of an upload is given up, and what it has of the agent is never used.
func TestStalledUpload(t *testing.T) {
	overBoth(t, func(t *testing.T, h *testhost.Host) {
		proxy := proxyTo(t, h)
		o := newOperatorOfAgents(t, h)
		o.SSH.Timeout, o.target.SSH.ConnectTimeout = shortLimit, stageLimit
		o.target.Address = proxy.Addr()
		var cutting sync.WaitGroup
		cutting.Go(func() {
			waitFor(t, "an upload under way", func() bool { return proxy.BytesUp() > 1<<20 })
			proxy.Cut()
		})
		o.refusal(t, fault.Bootstrap, "copy the agent to "+cacheOf(h), "no answer in time")
		cutting.Wait()
		proxy.Close()
		mustBeQuiet(t, h)
		left, err := filepath.Glob(filepath.Join(cacheOf(h), "agent-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("half an agent is in its place: %v, %v", left, err)
		}
		newOperatorOfAgents(t, h).visit(t, cold)
	})
}

// overBoth runs a test on hosts that take the agent over SFTP, and through cat.
func overBoth(t *testing.T, test func(*testing.T, *testhost.Host)) {
	for name, noSFTP := range map[string]bool{"SFTP": false, "cat": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, testhost.New(t, testhost.Options{NoSFTP: noSFTP}))
		})
	}
}

// A slow link is no stalled one, also where more is under way than passes within the limit.
func TestSlowLink(t *testing.T) {
	overBoth(t, func(t *testing.T, h *testhost.Host) {
		slow := throttle(t, h.Addr())
		if err := h.Trust(slow); err != nil {
			t.Fatal(err)
		}
		o := newOperatorOfAgents(t, h)
		o.SSH.Timeout, o.target.SSH.ConnectTimeout = shortLimit, stageLimit
		o.target.Address = slow
		o.visit(t, cold)
	})
}

// throttle is a proxy that passes on at most 160 KiB a second, which makes 16 seconds of what SFTP and SSH have under
// way, and more of the whole agent: more than shortLimit.
func throttle(t *testing.T, target string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := net.Dial("tcp", target)
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		running.Go(func() {
			// The end of one direction ends the other.
			_, _ = io.Copy(client, server)
			client.Close()
		})
		for err == nil {
			_, err = io.CopyN(server, client, 32<<10)
			time.Sleep(200 * time.Millisecond)
		}
	})
	t.Cleanup(func() {
		listener.Close()
		running.Wait()
	})
	return listener.Addr().String()
}
