package transfer

import "sync"

// Intake counts what comes in, and says how much of it was taken. Safe for concurrent use.
type Intake struct {
	mu              sync.Mutex
	received, taken uint64
	// say tells the other end.
	say func(taken uint64) error
}

// NewIntake returns an intake that says with say what was taken, in the order of the numbers.
func NewIntake(say func(taken uint64) error) *Intake { return &Intake{say: say} }

// Receive counts n bytes that came. The error says that there are more than the window allows.
func (i *Intake) Receive(n int) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.received += uint64(n)
	if i.received-i.taken > MaxWindow+MaxChunk {
		return Broken("more than %d bytes came before any was taken", MaxWindow)
	}
	return nil
}

// Take says that n more bytes were taken.
func (i *Intake) Take(n int) error {
	if n == 0 {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.taken += uint64(n)
	return i.say(i.taken)
}
