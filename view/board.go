package view

import (
	"fmt"
	"sync"
	"time"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// tick is the interval at which queued lines are written and the bar is drawn.
const tick = 100 * time.Millisecond

// board is the common part of all text views: the state of the run, a screen, and a goroutine that draws the bar.
type board struct {
	config Config
	stop   chan struct{}
	ticker sync.WaitGroup
	close  sync.Once

	mu     sync.Mutex
	result state.Run
	screen screen
	// paused is the number of open questions on the terminal.
	paused int
}

func newBoard(c Config) board {
	if c.NoRecord {
		c.CutOut, c.CutErr = false, false
	}
	return board{
		config: c,
		stop:   make(chan struct{}),
		screen: screen{out: c.Out, err: c.Err, together: c.Together},
	}
}

// start starts the goroutine.
func (b *board) start() { b.ticker.Go(b.tickUntilStopped) }

// end ends the goroutine, calls last, writes all queued lines and removes the bar. It returns the first error of all writes. It
// may be called twice.
func (b *board) end(last func()) error {
	b.close.Do(func() { close(b.stop) })
	b.ticker.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	last()
	b.screen.flush()
	b.screen.draw("")
	return b.failed()
}

// Err returns the first error of all writing until now.
func (b *board) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed()
}

func (b *board) failed() error {
	if b.screen.failed != nil {
		return fmt.Errorf("write to the screen: %w", b.screen.failed)
	}
	return nil
}

func (b *board) tickUntilStopped() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-ticker.C:
			b.refresh()
		}
	}
}

// Pause leaves the terminal to a question until resume is called. Lines wait until then, unless the queue is full or the run
// ends.
func (b *board) Pause() (resume func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.screen.flush()
	b.screen.draw("")
	b.paused++
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.paused--
	}
}

// refresh writes the queued lines and draws the bar.
func (b *board) refresh() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.paused > 0 {
		return
	}
	b.screen.flush()
	if b.config.Terminal && len(b.result.Hosts) > 0 && !b.result.Finished {
		b.screen.draw(barText(&b.result, b.result.Settled, b.result.Total, b.config.ErrCells()))
	}
}

// note applies an event to the state, and returns the tasks that have ended with it on all of their hosts.
func (b *board) note(e *proto.Event) []*state.Job {
	var complete []*state.Job
	for _, task := range b.result.Apply(e) {
		if task.Job.IsComplete() {
			complete = append(complete, task.Job)
		}
	}
	return complete
}

// runsFunction reports whether the command of the task that an event is about is a function.
func (b *board) runsFunction(e *proto.Event) bool {
	job := b.result.Job(e.Ref())
	return job != nil && job.Function
}
