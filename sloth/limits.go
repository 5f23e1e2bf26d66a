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
	maxSource  = 1 << 20
	loadTime   = 5 * time.Second
	loadMemory = 256 << 20
	taskMemory = 512 << 20

	// maxCalls is the depth of Lua calls, and with them of Go's.
	maxCalls = 4000
	// Values on the stack of a coroutine: at first, and at most.
	minStack = 256
	maxStack = 256 << 10
	// maxSparse is the largest index that turns a table into an array, with nil before it: one assignment allocates
	// 16 bytes for each.
	maxSparse = 2 << 20
)

var (
	errLoadTime   = errors.New("loading takes more than 5 s")
	errLoadMemory = errors.New("loading takes more than 256 MB of memory")
	errTaskMemory = errors.New("the task takes more than 512 MB of memory")
)

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
		start := meter.read()
		timer := time.NewTimer(watchInterval(limit))
		defer timer.Stop()
		for {
			select {
			case <-quit:
				return
			case <-timer.C:
			}
			used := growth(meter.read(), start)
			if used > limit {
				// Up to half of it may be garbage.
				runtime.GC()
				used = growth(meter.read(), start)
			}
			if used > limit {
				exceeded()
				return
			}
			timer.Reset(watchInterval(limit - used))
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

// memoryMeter reads how much memory objects and stacks of the process take.
type memoryMeter []metrics.Sample

func newMemoryMeter() memoryMeter {
	return memoryMeter{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
}

func (m memoryMeter) read() uint64 {
	metrics.Read(m)
	return m[0].Value.Uint64() + m[1].Value.Uint64()
}

// bounded returns a context that ends with ctx, after the time (0: unlimited) or when the memory is exceeded, and
// what ends the watch.
func bounded(ctx context.Context, limit time.Duration, memory uint64, exceeded error) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopWatch := watchMemory(memory, func() { cancel(exceeded) })
	stopTimer := func() {}
	if limit > 0 {
		ctx, stopTimer = context.WithTimeoutCause(ctx, limit, errLoadTime)
	}
	return ctx, func() {
		stopTimer()
		stopWatch()
		cancel(nil)
	}
}
