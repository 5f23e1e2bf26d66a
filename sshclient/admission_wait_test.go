package sshclient

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// What a person is asked, and what a host is waited for that never came, says nothing of the others.
func TestTimeThatIsNotTheHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		in := come(t, s, firstWindow+2)
		time.Sleep(time.Minute)
		asked := <-in
		asked.discount(time.Minute)
		asked.leave()
		down := <-in
		down.open()
		time.Sleep(usualLimit)
		down.leave()
		synctest.Wait()
		if s.window != firstWindow+1 {
			t.Errorf("the window is %d", s.window)
		}
		leaveAll(in)
		leaveAll(in)
	})
}

// A host that gives up waiting takes nobody's place, whenever that is.
func TestGivingUpTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		in := come(t, s, firstWindow)
		ctx, cancel := context.WithCancelCause(t.Context())
		refused := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := s.enter(ctx, 0)
				refused <- err
			}()
		}
		synctest.Wait()
		reason := errors.New("interrupted")
		cancel(reason)
		for range 2 {
			if err := <-refused; !errors.Is(err, reason) {
				t.Errorf("it ended with %v", err)
			}
		}
		leaveAll(in)
		if s.inside != 0 || len(s.queue) != 0 {
			t.Errorf("%d are on their way, %d wait", s.inside, len(s.queue))
		}
	})
}

// Whatever hosts do, each place is given back once, and nobody waits while there is room.
func TestPlacesAreGivenBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			s := new(admission)
			var hosts int
			ended := make(chan struct{})
			for range rapid.IntRange(1, 300).Draw(r, "hosts") {
				patience := time.Duration(rapid.IntRange(1, 60_000).Draw(r, "patience")) * time.Millisecond
				dial := time.Duration(rapid.IntRange(0, 2_000).Draw(r, "dial")) * time.Millisecond
				work := time.Duration(rapid.IntRange(0, 12_000).Draw(r, "work")) * time.Millisecond
				hosts++
				go func() {
					defer func() { ended <- struct{}{} }()
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					permit, err := s.enter(ctx, usualLimit)
					if err != nil {
						return
					}
					defer permit.leave()
					permit.open()
					time.Sleep(dial)
					permit.arrive()
					time.Sleep(work / 2)
					permit.greeted()
					time.Sleep(work / 2)
					permit.leave()
					if permit.again(ctx, 3) == nil {
						time.Sleep(work)
					}
				}()
			}
			for range hosts {
				<-ended
			}
			if s.inside != 0 || len(s.queue) != 0 || s.window < leastWindow {
				r.Fatalf("%d are on their way, %d wait, the window is %d", s.inside, len(s.queue), s.window)
			}
		})
	})
}
