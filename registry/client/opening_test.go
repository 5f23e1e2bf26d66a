package client

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/internal/pause"
)

// slowMaster is a master that takes a minute to connect, or to fail.
type slowMaster struct {
	err   error
	mu    sync.Mutex
	calls int
	ends  []net.Conn
}

func (s *slowMaster) dial(ctx context.Context, _ string) (net.Conn, error) {
	s.mu.Lock()
	s.calls++
	s.mu.Unlock()
	if !pause.For(ctx, time.Minute) {
		return nil, ctx.Err()
	}
	if s.err != nil {
		return nil, s.err
	}
	ours, theirs := net.Pipe()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends = append(s.ends, theirs)
	return ours, nil
}

func (s *slowMaster) hangUp() {
	for _, end := range s.ends {
		end.Close()
	}
}

// connectAll connects a hundred callers at once.
func connectAll(ctx context.Context, m *Masters) (links map[*link]int, errs []error) {
	links = map[*link]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			l, _, err := m.connect(ctx, "there")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			} else {
				links[l]++
			}
		})
	}
	all.Wait()
	return links, errs
}

// Many callers of a master that can't be reached wait once, together, and get the same error.
func TestMasterThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowMaster{err: errors.New("no route")}
		m, began := newMasters(s.dial, nil, []string{"there"}), time.Now()
		defer m.Close()
		links, errs := connectAll(t.Context(), m)
		if len(links) != 0 || len(errs) != 100 || s.calls != 1 || time.Since(began) != time.Minute {
			t.Errorf("%d links, %d errors, dialled %d times, in %v", len(links), len(errs), s.calls, time.Since(began))
		}
		for _, err := range errs {
			if !errors.Is(err, s.err) {
				t.Errorf("error %v", err)
			}
		}
	})
}

func TestSharedLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowMaster{}
		m := newMasters(s.dial, nil, []string{"there"})
		links, errs := connectAll(t.Context(), m)
		if len(links) != 1 || errs != nil || s.calls != 1 {
			t.Fatalf("%d links, errors %v, dialled %d times", len(links), errs, s.calls)
		}
		m.Close()
		for l, calls := range links {
			if calls != 100 || l.calls != 100 || !l.retired {
				t.Errorf("%d calls, %d counted, retired %t", calls, l.calls, l.retired)
			}
			for range calls {
				m.release(l)
			}
		}
		s.hangUp()
	})
}

// Each caller that waits for a link returns when its own context ends, and the others go on waiting.
func TestCallerThatIsCalledBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowMaster{}
		m := newMasters(s.dial, nil, []string{"there"})
		began := time.Now()
		for _, timeout := range []time.Duration{10 * time.Second, 20 * time.Second} {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				if _, _, err := m.connect(ctx, "there"); err == nil || time.Since(began) != timeout {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
			}()
			synctest.Wait()
		}
		l, fresh, err := m.connect(t.Context(), "there")
		if err != nil || !fresh {
			t.Fatalf("fresh %t, %v", fresh, err)
		}
		// The first gave up after ten seconds, and one of the others dialled then. If it was the second, it gave up
		// after ten more, and the third dialled.
		switch took := time.Since(began); {
		case took == 70*time.Second && s.calls == 2:
		case took == 80*time.Second && s.calls == 3:
		default:
			t.Errorf("took %v, dialled %d times", took, s.calls)
		}
		m.release(l)
		m.Close()
		s.hangUp()
	})
}

// A link that is opened after its Masters were closed still serves its call, and ends with it.
func TestOpenedTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowMaster{}
		m := newMasters(s.dial, nil, []string{"there"})
		go m.Close()
		l, _, err := m.connect(t.Context(), "there")
		if err != nil {
			t.Fatal(err)
		}
		m.release(l)
		if _, err := l.conn.Write(nil); err == nil {
			t.Error("the connection is open still")
		}
		s.hangUp()
	})
}
