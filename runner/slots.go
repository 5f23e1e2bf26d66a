package runner

import "sync"

// slots limits how many hosts are worked on at once.
type slots chan struct{}

// newSlots returns n slots; 0: no limit.
func newSlots(n int) slots {
	if n <= 0 {
		return nil
	}
	return make(slots, n)
}

// slot is a host's claim to one of the slots. A host gives it back while it waits for other hosts, which may need it.
type slot struct {
	slots slots

	mu   sync.Mutex
	held bool
}

// take waits for a slot, unless the host has one; false: stop was closed first.
func (s *slot) take(stop <-chan struct{}) bool {
	if s.slots == nil {
		return true
	}
	s.mu.Lock()
	held := s.held
	s.mu.Unlock()
	if held {
		return true
	}
	select {
	case s.slots <- struct{}{}:
	case <-stop:
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = true
	return true
}

// park gives the slot back, if the host has one.
func (s *slot) park() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held {
		s.held = false
		<-s.slots
	}
}
