package bootstrap

import (
	"context"
	"errors"
	"sync"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
)

// Hosts that wait for their turn, or for the speed that is allowed, run into no limit.
func TestUploadsOfManyHosts(t *testing.T) {
	const hosts = 3
	fleet := testhost.NewHosts(t, hosts, testhost.Options{ForceGo: true})
	uploads := NewUploads(1, 8<<20)
	var mu sync.Mutex
	under := map[string]bool{} // way
	most := 0
	var all sync.WaitGroup
	for _, h := range fleet.Hosts {
		all.Go(func() {
			o := newOperatorOfAgents(t, h)
			o.Uploads = uploads
			conn, via, err := o.Connect(t.Context(), o.target, func(e *proto.Event) {
				upload := e.GetHostUpload()
				if upload == nil {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if under[h.Name] = upload.GetSent() < upload.GetTotal(); !under[h.Name] {
					delete(under, h.Name)
				}
				most = max(most, len(under))
			})
			if err != nil || via != cold {
				t.Errorf("%s: %v, %v", h.Name, via, err)
				return
			}
			answers(t, conn)
			conn.Close()
		})
	}
	all.Wait()
	if most != 1 {
		t.Errorf("%d uploads were under way at once", most)
	}
}

// What this side holds back is no silence of the host.
func TestHeldBackIsNotSilent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := NewUploads(0, 1).pace(ctx)
	if err := p.wait(piece); err != nil {
		t.Fatal(err)
	}
	if p.silence() == 0 {
		t.Error("a pace that does not wait is silent since it went on")
	}
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if err := p.wait(piece); err == nil {
			t.Error("a piece was sent hours too early")
		}
	})
	waitFor(t, "a pace that holds back", p.waiting.Load)
	if silence := p.silence(); silence != 0 {
		t.Errorf("silent for %s", silence)
	}
	cancel()
	waiting.Wait()
}

func TestWaitForATurnEnds(t *testing.T) {
	t.Parallel()
	u := NewUploads(1, 1)
	leave, err := u.Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("interrupted")
	cancel(why)
	if _, err := u.Take(ctx); !errors.Is(err, why) {
		t.Errorf("error %v", err)
	}
	if err := u.pace(ctx).wait(piece); !errors.Is(err, why) {
		t.Errorf("error %v", err)
	}
	leave()
	if leave, err = u.Take(t.Context()); err != nil {
		t.Fatal(err)
	}
	leave()
}
