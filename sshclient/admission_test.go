package sshclient

import (
	"testing"
	"testing/synctest"
	"time"
)

// come lets n more hosts come, which are connected at once, and returns their turns as they get them.
func come(t *testing.T, s *admission, n int) chan *permit {
	in := make(chan *permit, n)
	for range n {
		go func() {
			permit, err := s.enter(t.Context(), usualLimit)
			if err != nil {
				return // the test is over
			}
			permit.open()
			permit.arrive()
			in <- permit
		}()
	}
	synctest.Wait()
	return in
}

func leaveAll(in chan *permit) {
	for range len(in) {
		(<-in).leave()
	}
	synctest.Wait()
}

func expectIn(t *testing.T, in chan *permit, want int) {
	t.Helper()
	if len(in) != want {
		t.Fatalf("%d hosts are on their way, not %d", len(in), want)
	}
}

// Hosts that are ready soon let the others come in ever larger crowds.
func TestHostsThatAreReadySoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := come(t, new(admission), 7*firstWindow)
		for _, want := range []int{firstWindow, 2 * firstWindow, 4 * firstWindow} {
			expectIn(t, in, want)
			time.Sleep(usualLimit/fastPart - time.Millisecond)
			leaveAll(in)
		}
		expectIn(t, in, 0)
	})
}

// Hosts that greet at once let others come besides.
func TestHostsThatGreetAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := come(t, new(admission), 4*firstWindow)
		greetAll := func() {
			for range len(in) {
				permit := <-in
				permit.greeted()
				in <- permit
			}
			synctest.Wait()
		}
		time.Sleep(usualLimit / greetPart)
		greetAll() // too late
		expectIn(t, in, firstWindow)
		leaveAll(in) // but ready soon
		expectIn(t, in, 2*firstWindow)
		greetAll() // more than this they don't tell
		expectIn(t, in, 2*firstWindow)
		leaveAll(in)

		in = come(t, new(admission), 4*firstWindow)
		time.Sleep(usualLimit/greetPart - time.Millisecond)
		greetAll()
		expectIn(t, in, 2*firstWindow)
		leaveAll(in)
		leaveAll(in)
	})
}

// A host that is to unpack the agent goes before those that have not begun, and may take as long as that may.
func TestTurnToUnpack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		in := come(t, s, firstWindow+1)
		time.Sleep(usualLimit / fastPart)
		copied := <-in
		copied.leave()
		synctest.Wait()
		expectIn(t, in, firstWindow)
		unpacks := make(chan *permit)
		rest := come(t, s, 1)
		go func() {
			if err := copied.again(t.Context(), 3); err == nil {
				unpacks <- copied
			}
		}()
		synctest.Wait()
		(<-in).leave()
		synctest.Wait()
		expectIn(t, rest, 0)
		time.Sleep(usualLimit)
		(<-unpacks).leave()
		if s.window != firstWindow {
			t.Errorf("the window is %d", s.window)
		}
		synctest.Wait()
		leaveAll(in)
		leaveAll(rest)
	})
}

// Hosts that take long hold each other up: half as many come, and from then on more only one by one.
func TestHostsThatTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		in := come(t, s, 9*firstWindow)
		expectIn(t, in, firstWindow)
		time.Sleep(usualLimit/fastPart + time.Millisecond)
		leaveAll(in)
		expectIn(t, in, firstWindow) // neither soon nor long: as before
		for range firstWindow {
			first := <-in
			first.leave()
		}
		synctest.Wait()
		expectIn(t, in, 2*firstWindow)
		time.Sleep(usualLimit / slowPart)
		leaveAll(in)
		expectIn(t, in, firstWindow)
		late := <-in
		late.greeted()
		in <- late
		synctest.Wait()
		expectIn(t, in, firstWindow)
		for _, want := range []int{firstWindow + 1, firstWindow + 2} {
			leaveAll(in)
			expectIn(t, in, want)
		}
		for range 9 {
			time.Sleep(usualLimit / slowPart)
			leaveAll(in)
		}
		if s.window != leastWindow {
			t.Errorf("the window is %d", s.window)
		}
	})
}

// Hosts that are down let others pass, and count again if they come after all.
func TestHostsThatAreDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		var opened []func()
		for range firstWindow {
			permit, err := s.enter(t.Context(), usualLimit)
			if err != nil {
				t.Fatal(err)
			}
			permit.open()
			opened = append(opened, permit.arrive)
			defer permit.leave()
		}
		in := come(t, s, 2*firstWindow)
		expectIn(t, in, 0)
		time.Sleep(openingTimeout + time.Millisecond)
		synctest.Wait()
		expectIn(t, in, firstWindow)
		for _, open := range opened {
			open()
		}
		time.Sleep(usualLimit / 3) // neither soon nor long
		leaveAll(in)
		expectIn(t, in, 0)
	})
}

// Hosts behind a jump host that is down hold up nobody else, and when it answers after all they don't come all at once.
func TestHostsBehindWhatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(admission)
		jump := make(chan struct{})
		in := make(chan *permit, 4*firstWindow)
		for range 2 * firstWindow {
			go func() {
				permit, err := s.enter(t.Context(), usualLimit)
				if err != nil {
					return
				}
				permit.open()
				<-jump
				if permit.reenter(t.Context()) == nil {
					permit.open()
					permit.arrive()
					in <- permit
				}
			}()
		}
		synctest.Wait()
		others := come(t, s, firstWindow)
		time.Sleep(2*openingTimeout + time.Millisecond)
		synctest.Wait()
		expectIn(t, others, firstWindow)
		close(jump)
		synctest.Wait()
		expectIn(t, in, 0)
		time.Sleep(usualLimit / 3) // neither soon nor long
		leaveAll(others)
		expectIn(t, in, firstWindow)
		leaveAll(in)
		expectIn(t, in, firstWindow)
		leaveAll(in)
		if s.inside != 0 {
			t.Errorf("%d are on their way", s.inside)
		}
	})
}
