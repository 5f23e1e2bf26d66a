package abandon

import (
	"strings"
	"sync"
)

// Caller makes the calls of one run, and remembers abandoned calls until they are reported. A nil Caller counts
// nothing. It is safe for concurrent use.
type Caller struct {
	calls *Calls

	mu   sync.Mutex
	left []string
}

// maxLeft limits how many abandoned calls are named in a report.
const maxLeft = 5

// NewCaller returns a Caller that counts its abandoned calls in calls.
func NewCaller(calls *Calls) *Caller { return &Caller{calls: calls} }

// TakeLeft describes the calls that were abandoned since the previous call of TakeLeft. It returns "" when there were
// none.
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

// leave records an abandoned call. The caller calls returned when that call has returned.
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
