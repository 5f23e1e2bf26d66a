package sloth

import (
	"context"
	"errors"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// What a file may use. Loading is bounded tightly, for the operator's machine does it for files that nobody has read
// yet; a task has the limits that its author gives it, and a memory that leaves the host its own.
const (
	// MaxSource is the largest file, in bytes.
	MaxSource = 1 << 20

	// maxCalls is the depth of Lua calls, and with them of Go's.
	maxCalls = 1000
	// Values on the stack of a coroutine: at first, what is added when it is full, and at most.
	minStack  = 512
	stackStep = 8192
	maxStack  = 256 << 10
	// maxSparse is the largest index that turns a table into an array, with nil before it: one assignment allocates
	// 16 bytes for each.
	maxSparse = 2 << 20
)

// limits are what Lua code may take until it is stopped.
type limits struct {
	// time is from its start; 0: unlimited.
	time time.Duration
	// memory in bytes is what the process may grow by, garbage included.
	memory uint64
	// tooLong and tooMuch are the causes that it is stopped for.
	tooLong, tooMuch error
}

func loadLimits() limits {
	return limits{
		time:    5 * time.Second,
		memory:  256 << 20,
		tooLong: errors.New("loading takes more than 5 s"),
		tooMuch: errors.New("loading takes more than 256 MB of memory"),
	}
}

func taskLimits() limits {
	return limits{memory: 512 << 20, tooMuch: errors.New("the task takes more than 512 MB of memory")}
}

// limitTables sets what gopher-lua has for the process as a whole, before its first use.
var limitTables = sync.OnceFunc(func() { lua.MaxArrayIndex = maxSparse })

// bound has the phase end with ctx or at the limits. stop ends the watch over them, and the phase.
func (l limits) bound(ctx context.Context, p *phase) (bounded context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopTimer := func() {}
	memory := newMemoryBound(l.memory, func() { cancel(l.tooMuch) })
	if l.time > 0 {
		ctx, stopTimer = context.WithTimeoutCause(ctx, l.time, l.tooLong)
	}
	p.enter(ctx, memory)
	stopWatch := memory.watch(p)
	return ctx, func() {
		stopTimer()
		stopWatch()
		cancel(nil)
		p.leave()
	}
}
