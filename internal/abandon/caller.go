package abandon

import (
	"strings"
	"sync"
)

// Caller makes the calls of one run, and remembers what it abandoned until that is said. A nil Caller counts nothing. It is
// safe for concurrent use.
type Caller struct {
	calls *Calls

	mu   sync.Mutex
	left []string
}

// maxLeft is how many abandoned calls are named.
const maxLeft = 5

// NewCaller returns a Caller whose abandoned calls are counted in calls.
func NewCaller(calls *Calls) *Caller { return &Caller{calls: calls} }

// TakeLeft describes the calls that were abandoned since the last time; "": none was.
func (c *Caller) TakeLeft() string {
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	left := c.left
	c.left = nil
	switch len(left) {
	case 0:
		return ""
	case 1:
		return left[0] + " still waits in the system" + reasons
	}
	return strings.Join(left, ", ") + " still wait in the system" + reasons
}

const reasons = ", as for a disk or file system that does not answer, or the other end of a FIFO"

func (c *Caller) refuse(call Call) error {
	if c == nil {
		return nil
	}
	return c.calls.refuse(call)
}

// leave notes a call that is abandoned; returned notes that it came back.
func (c *Caller) leave(call Call) (returned func()) {
	if c == nil {
		return func() {}
	}
	c.mu.Lock()
	switch {
	case len(c.left) < maxLeft:
		c.left = append(c.left, call.String())
	case len(c.left) == maxLeft:
		c.left = append(c.left, "others")
	}
	c.mu.Unlock()
	c.calls.add(&call)
	return func() { c.calls.remove(&call) }
}
