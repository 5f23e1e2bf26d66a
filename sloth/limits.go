package sloth

import (
	"context"
	"errors"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// What a file may use. Loading is bounded tightly, for the operator's machine does it for files that nobody has read
// yet; a task has the limits that its author gives it, and a memory that leaves the host its own.
const (
	maxSource = 1 << 20

	// maxCalls is the depth of Lua calls, and with them of Go's.
	maxCalls = 1000
	// Values on the stack of a coroutine: at first, what is added when it is full, and at most.
	minStack  = 512
	stackStep = 2048
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

// watchMemory calls exceeded once when the process has come to use limit bytes more than at the start. That is
// nearly always the Lua code's doing: gopher-lua does not count what it allocates. It goes on until stop is called,
// which waits for its end.
func watchMemory(limit uint64, exceeded func()) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		meter := newMemoryMeter()
		start := meter.inUse()
		timer := time.NewTimer(watchInterval(limit))
		defer timer.Stop()
		for {
			select {
			case <-quit:
				return
			case <-timer.C:
			}
			used := growth(meter.read(), start)
			if used > limit/4*3 {
				// Part of it is garbage. Go lets that grow to as much as is in use, so that whatever is in use
				// above the half leads beyond the limit. The last quarter is for what the code goes on to take
				// while it is looked at.
				runtime.GC()
				if used = growth(meter.read(), start); used > limit/2 {
					exceeded()
					return
				}
			}
			timer.Reset(watchInterval(limit/4*3 - min(used, limit/4*3)))
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}

func growth(now, start uint64) uint64 { return max(now, start) - start }

// watchInterval is the time in which no Lua code can allocate the bytes that are left.
func watchInterval(left uint64) time.Duration {
	const bytesPerMillisecond = 8 << 20
	return min(max(time.Duration(left/bytesPerMillisecond)*time.Millisecond, time.Millisecond), 50*time.Millisecond)
}

// memoryMeter reads how much memory the process takes: objects, garbage among them, and stacks; and what of the
// objects was in use when it was last looked at by the garbage collector, or 0.
type memoryMeter []metrics.Sample

func newMemoryMeter() memoryMeter {
	return memoryMeter{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/gc/heap/live:bytes"},
	}
}

func (m memoryMeter) read() uint64 {
	metrics.Read(m)
	return m[0].Value.Uint64() + m[1].Value.Uint64()
}

// inUse leaves out garbage, which goes as the Lua code's memory comes.
func (m memoryMeter) inUse() uint64 {
	all := m.read()
	if live := m[2].Value.Uint64(); live > 0 {
		return min(live+m[1].Value.Uint64(), all)
	}
	return all
}

// bound returns a context that ends with ctx or at the limits, and what ends the watch over them.
func (l limits) bound(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopWatch := watchMemory(l.memory, func() { cancel(l.tooMuch) })
	stopTimer := func() {}
	if l.time > 0 {
		ctx, stopTimer = context.WithTimeoutCause(ctx, l.time, l.tooLong)
	}
	return ctx, func() {
		stopTimer()
		stopWatch()
		cancel(nil)
	}
}
