package vm

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// memoryBound stops Lua code when the process has come to use so many bytes more than at the start. That is nearly
// always the Lua code's doing: gopher-lua does not count what it allocates.
//
// What grows by small steps is found by looking from time to time, with the Lua code held for as long as it takes;
// what takes much in one step asks before.
type memoryBound struct {
	limit, start uint64
	// exceeded is called, at most once from each side, when there is too much.
	exceeded func()
}

func newMemoryBound(limit uint64, exceeded func()) *memoryBound {
	return &memoryBound{limit: limit, start: newMemoryMeter().inUse(), exceeded: exceeded}
}

// soft is where it is worth to look which part is garbage. Go lets garbage grow to as much as is in use, so that
// whatever is in use above the half leads beyond the limit by and by. The last quarter is for what is taken between
// two looks.
func (b *memoryBound) soft() uint64 { return b.limit / 4 * 3 }

func (b *memoryBound) used(meter memoryMeter) uint64 {
	now := meter.read()
	return max(now, b.start) - b.start
}

// reserve reports whether n bytes more may be taken. It is called by the goroutine that takes them.
func (b *memoryBound) reserve(n uint64) bool {
	meter := newMemoryMeter()
	if b.used(meter)+n <= b.soft() {
		return true
	}
	runtime.GC()
	if b.used(meter)+n <= b.soft() {
		return true
	}
	b.exceeded()
	return false
}

// watch looks after the Lua code of the phase until stop is called, which waits for its end.
func (b *memoryBound) watch(p *phase) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		meter := newMemoryMeter()
		timer := time.NewTimer(interval(b.soft()))
		defer timer.Stop()
		for {
			select {
			case <-quit:
				return
			case <-timer.C:
			}
			used := b.used(meter)
			if used > b.soft() {
				release := p.hold()
				runtime.GC()
				used = b.used(meter)
				if used > b.limit/2 {
					b.exceeded()
				}
				release()
				if used > b.limit/2 {
					return
				}
			}
			timer.Reset(interval(b.soft() - min(used, b.soft())))
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}

// interval is the time in which small steps don't take the bytes that are left.
func interval(left uint64) time.Duration {
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
