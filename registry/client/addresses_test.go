package client

import (
	"context"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/proto"
)

// A silent master leaves time for the next one, which is tried first from then on.
func TestSilentMasterLeavesTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		there, theirs := net.Pipe()
		defer theirs.Close()
		m := newMasters(func(ctx context.Context, address string) (net.Conn, error) {
			if address == "silent" {
				<-ctx.Done()
				return nil, failedToConnect(address, ctx.Err())
			}
			return there, nil
		}, nil, []string{"silent", "there"})
		defer m.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		err := m.Do(ctx, func(context.Context, proto.RegistryClient) error { return nil })
		if took := time.Since(began); err != nil || took != 1500*time.Millisecond {
			t.Errorf("%v, after %v", err, took)
		}
		if got := m.Addresses(); !slices.Equal(got, []string{"there", "silent"}) {
			t.Errorf("then, the order is %v", got)
		}
	})
}

// The addresses in a master's answer replace those of earlier answers, but not those that the user named, and not the
// one in use.
func TestLearn(t *testing.T) {
	t.Parallel()
	m := newMasters(nil, nil, []string{"named", "said-1"})
	m.Keep([]string{"named"})
	if !m.Learn([]string{"said-2", "said-3"}) || m.Learn([]string{"said-3", "said-2"}) || m.Learn(nil) {
		t.Error("changes are not reported as such")
	}
	if got := m.Addresses(); !slices.Equal(got, []string{"said-2", "said-3", "named"}) {
		t.Errorf("learned %v", got)
	}
	m.link = &link{address: "in-use"}
	if !m.Learn([]string{"said-2"}) {
		t.Error("a change is not reported")
	}
	if got := m.Addresses(); !slices.Equal(got, []string{"in-use", "said-2", "named"}) {
		t.Errorf("in use, learned %v", got)
	}
}
