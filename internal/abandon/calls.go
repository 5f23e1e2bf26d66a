package abandon

import (
	"fmt"
	"sync"
)

// limit is the number of abandoned calls that a process may have at a time.
const limit = 100

// Call describes a call for messages.
type Call struct {
	// Name is the function as users know it, such as io.open. Path is the file, if there is one.
	Name, Path string
}

// String returns the name and the path.
func (c Call) String() string {
	if c.Path == "" {
		return c.Name
	}
	return c.Name + " of " + shortened(c.Path)
}

// shortened keeps the beginning and the end of a long path.
func shortened(path string) string {
	const longest = 300
	if len(path) <= longest {
		return path
	}
	return path[:longest/2] + "..." + path[len(path)-longest/2:]
}

// Calls counts the abandoned calls of a process. The zero value is ready to use. It is safe for concurrent use.
type Calls struct {
	mu        sync.Mutex
	abandoned map[*Call]struct{}
	changed   func()
}

// OnChange sets a function that is called when the number of abandoned calls changes. It must be set before the first
// call.
func (c *Calls) OnChange(changed func()) { c.changed = changed }

// Abandoned returns how many abandoned calls have not returned yet.
func (c *Calls) Abandoned() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.abandoned)
}

// TooMany is the error of a call that is not made, because too many abandoned calls of this process have not returned.
type TooMany struct {
	Call  Call
	Count int
	// Other is one of these calls.
	Other Call
}

// Error returns what happened and what to do.
func (t TooMany) Error() string {
	return fmt.Sprintf("%s is refused: %d calls of this agent that were abandoned still wait in the system, such as %s; "+
		"it accepts no more until their file systems answer, or the agent is started again", t.Call, t.Count, t.Other)
}

// refuse returns an error when too many calls are abandoned.
func (c *Calls) refuse(call Call) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.abandoned) < limit {
		return nil
	}
	for other := range c.abandoned {
		return TooMany{Call: call, Count: len(c.abandoned), Other: *other}
	}
	return nil
}

func (c *Calls) add(call *Call) {
	c.mu.Lock()
	if c.abandoned == nil {
		c.abandoned = map[*Call]struct{}{}
	}
	c.abandoned[call] = struct{}{}
	c.mu.Unlock()
	c.tell()
}

func (c *Calls) remove(call *Call) {
	c.mu.Lock()
	delete(c.abandoned, call)
	c.mu.Unlock()
	c.tell()
}

func (c *Calls) tell() {
	if c.changed != nil {
		c.changed()
	}
}
