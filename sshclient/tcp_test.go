package sshclient

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
)

// A name is looked up in its turn, which ends when a connection is made, or can't be.
func TestLookupsTakeTurns(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := &Dialer{Timeout: stageLimit}
	target := Host{Host: sshconfig.Host{Name: "web", Address: "localhost:" + port}}
	for range 2 * maxLookups {
		conn, _, err := c.dialTCP(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if n := len(c.lookups.slots); n != 0 {
		t.Errorf("%d turns are taken", n)
	}

	for range maxLookups {
		if _, err := c.lookups.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	_, _, err = c.dialTCP(ctx, target)
	mustFail(t, err, fault.Connect, "interrupted")
	target.Address = listener.Addr().String()
	conn, _, err := c.dialTCP(t.Context(), target)
	if err != nil {
		t.Fatalf("an address waits for a lookup: %v", err)
	}
	conn.Close()
}

// Where descriptors are short, another try makes sense: a host that is done gives one back.
func TestShortOfDescriptors(t *testing.T) {
	t.Parallel()
	short := &net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)}
	err := unreached(t.Context(), Host{Host: sshconfig.Host{Name: "web", Address: "10.0.0.1:22"}}, short)
	mustFail(t, err, fault.Connect, "too many open files", "ulimit", "--forks")
	if !fault.Temporary(err) {
		t.Error("it is not tried again")
	}
}
