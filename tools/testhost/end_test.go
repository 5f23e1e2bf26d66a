package testhost

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// asOwner makes this test binary a process that starts a host and prints its data, instead of running tests.
const asOwner = "TESTHOST_TEST_OWNER"

func TestMain(m *testing.M) {
	if server := os.Getenv(asOwner); server != "" {
		os.Exit(own(server == "go"))
	}
	goleak.VerifyTestMain(m)
}

// own starts a host, prints the data that a client needs, and waits until it is killed.
func own(forceGo bool) int {
	h, err := Start(context.Background(), Options{Dir: os.Args[1], ForceGo: forceGo})
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	os.Stdout.WriteString(strconv.Itoa(h.Port) + " " + h.site.id + "\n")
	select {}
}

// What a careless command leaves: children of the session, and a daemon with its own session.
const litter = "sleep 1000 & setsid sleep 1000 </dev/null >/dev/null 2>&1 & exec sleep 1000"

func TestStopLeavesNothing(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		h := New(t, o)
		bystander := New(t, o)
		startSleeper(t, dial(t, bystander, bystander.Addr()), "exec sleep 1000")
		startSleeper(t, dial(t, h, h.Addr()), litter)
		waitFor(t, "the sleepers", func() bool { return sleepers(t, h) == 3 })

		if err := h.Stop(); err != nil {
			t.Fatal(err)
		}
		if left := processes(t, h); len(left) != 0 {
			t.Errorf("processes %v are left", left)
		}
		if _, err := os.Stat(h.site.Dir); !os.IsNotExist(err) {
			t.Errorf("the directory is left: %v", err)
		}
		if err := h.Stop(); err != nil {
			t.Errorf("stopped again: %v", err)
		}
		if left := processes(t, bystander); len(left) != 1 {
			t.Errorf("another host has processes %v", left)
		}
	})
}

// sshd's connections are not children of the listener any more when it is dead. They must not outlive it.
func TestStopEndsConnections(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		h := New(t, o)
		client := dial(t, h, h.Addr())
		run(t, client, "true", "")
		if err := h.Stop(); err != nil {
			t.Fatal(err)
		}
		if err := client.Wait(); err == nil {
			t.Error("the connection ended as if the client had wanted it")
		}
	})
}

func TestOwnerKilled(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		server := "openssh"
		if o.ForceGo {
			server = "go"
		}
		dir := t.TempDir()
		owner := exec.CommandContext(t.Context(), os.Args[0], dir)
		owner.Env = append(os.Environ(), asOwner+"="+server)
		owner.Stderr = os.Stderr
		stdout, err := owner.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := owner.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		port, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		number, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		h := &Host{
			User: currentUser(t), ClientKey: dir + "/id_ed25519", KnownHosts: dir + "/known_hosts",
			Port: number, site: &site{id: id},
		}
		client := dial(t, h, h.Addr())
		startSleeper(t, client, litter)
		waitFor(t, "the sleepers", func() bool { return sleepers(t, h) == 3 })

		if err := owner.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = owner.Wait()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = client.Wait()
		}()
		select {
		case <-ended:
		case <-time.After(2 * time.Minute):
			t.Fatal("the connection outlived the owner of the host")
		}
		waitFor(t, "the end of the sleepers", func() bool { return len(processes(t, h)) == 0 })
	})
}

func currentUser(t *testing.T) string {
	t.Helper()
	s, err := newSite(Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s.user
}

func processes(t *testing.T, h *Host) []int {
	t.Helper()
	pids, err := h.Processes()
	if err != nil {
		t.Fatal(err)
	}
	return pids
}

// sleepers counts the processes of the host that have become sleep.
func sleepers(t *testing.T, h *Host) int {
	t.Helper()
	n := 0
	for _, pid := range processes(t, h) {
		name, _ := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
		if strings.TrimSpace(string(name)) == "sleep" {
			n++
		}
	}
	return n
}

// waitFor waits for something that happens in another process.
func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !happened(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
