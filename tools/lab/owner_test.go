//go:build linux && lab

package lab

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asOwner makes this test binary a process that makes a lab and is killed. Its value is the directory for its messages.
const asOwner = "SLOTH_LAB_OWNER"

// own makes a lab with a host, writes the name of its bridge, and waits until it is killed.
func own(dir string) error {
	l, err := New(context.Background())
	if err != nil {
		return err
	}
	hosts, err := l.Up(context.Background(), 1, Options{})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "ready"), fmt.Appendf(nil, "%s %s", l.network.bridge(), hosts[0].Address), 0o600); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// A lab whose process was killed leaves no processes. The next lab removes the rest, and nothing of labs in use.
func TestOwnerKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), asOwner+"="+dir)
	owner.Stdout, owner.Stderr = t.Output(), t.Output()
	// The process ends with its input, which this process keeps open.
	hold, err := owner.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Process.Kill(); _ = owner.Wait() }()
	var bridge, address string
	waitFor(t, "a lab of another process", func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "ready"))
		if err != nil {
			return false
		}
		n, err := fmt.Sscan(string(text), &bridge, &address)
		return n == 2 && err == nil
	})
	if err := sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := net.InterfaceByName(bridge); err != nil {
		t.Fatalf("the network of a living lab was removed: %v", err)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	waitFor(t, "the end of the host's cable", func() bool {
		links, err := filepath.Glob("/sys/class/net/" + bridge + "/brif/*")
		return err == nil && len(links) == 0
	})
	if err := sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := net.InterfaceByName(bridge); err == nil {
		t.Error("the bridge is left")
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "sloth-lab-"+strings.TrimPrefix(bridge, "sloth")+"-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v (%v)", left, err)
	}
}

// waitFor waits until a condition is true.
func waitFor(t *testing.T, what string, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !true(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
