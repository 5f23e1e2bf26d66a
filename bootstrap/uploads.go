package bootstrap

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Uploads bounds the copying of agents to all hosts together. Safe for concurrent use.
type Uploads struct {
	slots   chan struct{} // nil: any number
	limiter *rate.Limiter // nil: as fast as it goes
}

// piece is how much of an agent is handed over at once, in bytes, where the speed is limited.
const piece = 16 << 10

// NewUploads allows so many uploads at once, and so many bytes a second for all together; 0: without a bound.
func NewUploads(atOnce int, bytesPerSecond int64) *Uploads {
	u := &Uploads{}
	if atOnce > 0 {
		u.slots = make(chan struct{}, atOnce)
	}
	if bytesPerSecond > 0 {
		u.limiter = rate.NewLimiter(rate.Limit(bytesPerSecond), piece)
	}
	return u
}

// Take waits for an upload's turn; it is over when the returned function is called. A nil Uploads has no bounds.
func (u *Uploads) Take(ctx context.Context) (leave func(), err error) {
	if u == nil || u.slots == nil {
		return func() {}, nil
	}
	select {
	case u.slots <- struct{}{}:
		return func() { <-u.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Wait returns when n more bytes may be sent.
func (u *Uploads) Wait(ctx context.Context, n int) error {
	if u == nil || u.limiter == nil {
		return nil
	}
	for n > 0 {
		if err := u.limiter.WaitN(ctx, min(n, piece)); err != nil {
			return context.Cause(ctx)
		}
		n -= piece
	}
	return nil
}

// pace is the speed of one upload among the others.
type pace struct {
	ctx     context.Context // of the upload; io.Reader has no room for one
	limiter *rate.Limiter
	waiting atomic.Bool
	resumed atomic.Int64 // when it last went on, in Unix nanoseconds
	waited  atomic.Int64 // how long it has waited in all
}

func (u *Uploads) pace(ctx context.Context) *pace {
	p := &pace{ctx: ctx}
	if u != nil {
		p.limiter = u.limiter
	}
	return p
}

// most is how much of n bytes may be read at once.
func (p *pace) most(n int) int {
	if p.limiter == nil {
		return n
	}
	return min(n, piece)
}

// wait returns when n more bytes may be sent.
func (p *pace) wait(n int) error {
	if p.limiter == nil || n == 0 {
		return nil
	}
	p.waiting.Store(true)
	began := time.Now()
	defer func() {
		p.waited.Add(int64(time.Since(began)))
		p.resumed.Store(time.Now().UnixNano())
		p.waiting.Store(false)
	}()
	if err := p.limiter.WaitN(p.ctx, n); err != nil {
		return context.Cause(p.ctx)
	}
	return nil
}

// silence is how long this side has waited for nothing but the host.
func (p *pace) silence() time.Duration {
	if p.waiting.Load() {
		return 0
	}
	return time.Since(time.Unix(0, p.resumed.Load()))
}
