package abandon

import (
	"fmt"
	"sync"
)

// limit is how many calls may be abandoned at the same time in a process.
const limit = 100

// Call says what is called, for a person.
type Call struct {
	// Name is the function as its user knows it, such as io.open, and Path the file that it acts on, if there is one.
	Name, Path string
}

// String returns the name and the path.
func (c Call) String() string {
	if c.Path == "" {
		return c.Name
	}
	return c.Name + " of " + shortened(c.Path)
}

// shortened keeps the two ends of a long path.
func shortened(path string) string {
	const longest = 300
	if len(path) <= longest {
		return path
	}
	return path[:longest/2] + "..." + path[len(path)-longest/2:]
}

// Calls counts the abandoned calls of a process. The zero value has none. It is safe for concurrent use.
type Calls struct {
	mu        sync.Mutex
	abandoned map[*Call]struct{}
	changed   func()
}

// OnChange has changed called when the number of abandoned calls becomes another. It is set before the first call is made.
func (c *Calls) OnChange(changed func()) { c.changed = changed }

// Abandoned returns how many calls are abandoned and have not come back.
func (c *Calls) Abandoned() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.abandoned)
}

// TooMany is why a call is not made: too many others of this process have not come back.
type TooMany struct {
	Call  Call
	Count int
	// Other is one of those.
	Other Call
}

// Error says what to do as well.
func (t TooMany) Error() string {
	return fmt.Sprintf("%s is refused: %d calls of this agent that were abandoned still wait in the system, such as %s; "+
		"it accepts no more until their file systems answer, or the agent is started again", t.Call, t.Count, t.Other)
}

// refuse returns an error when there are too many abandoned calls for another.
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
