package process

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"sloth-runner/proto"
)

// stream is one output stream of a command: split into lines for events, and captured for the task.
type stream struct {
	owner *Set
	read  *os.File
	write *os.File // the command's end; closed once the command has it

	lines lines
	done  chan struct{} // closed when all is read

	mu       sync.Mutex
	captured capture
	taken    bool
	// count is how many bytes were read. waiting is when the reader began to wait for more; zero: it does not wait. waited is
	// how long it waited before.
	count   int
	waiting time.Time
	waited  time.Duration
}

// pipeSize is the capacity of a pipe: at most this much of a command's output is unread when it ends.
const pipeSize = 64 << 10

// stream makes a pipe for an output of a command, and prepares its reader. serial keeps the calls of output for the
// streams of one command from being concurrent. keep is how much of the beginning is captured, in bytes.
func (p *Set) stream(kind proto.Output_Stream, serial *sync.Mutex, keep int, output func(*proto.Output)) (*stream, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open a pipe: %w", err)
	}
	emit := func(data []byte, partial bool) {
		piece := proto.NewOutput(kind, data)
		piece.Partial = partial
		serial.Lock()
		defer serial.Unlock()
		output(piece)
	}
	return &stream{owner: p, read: read, write: write, lines: lines{emit: emit}, captured: capture{most: keep}, done: make(chan struct{})}, nil
}

// abandon releases a stream whose command was not started. The function that starts commands closes the command's end.
func (s *stream) abandon() { s.read.Close() }

// started begins to read. The command has its end of the pipe.
func (s *stream) started() {
	s.owner.mu.Lock()
	s.owner.streams[s.read] = struct{}{}
	s.owner.mu.Unlock()
	s.owner.readers.Go(s.readAll)
}

func (s *stream) readAll() {
	defer close(s.done)
	defer func() {
		s.owner.mu.Lock()
		delete(s.owner.streams, s.read)
		s.owner.mu.Unlock()
		s.read.Close()
	}()
	buffer := make([]byte, maxLine)
	for {
		s.mu.Lock()
		s.waiting = time.Now()
		s.mu.Unlock()
		n, err := s.read.Read(buffer)
		s.mu.Lock()
		s.waited, s.waiting, s.count = s.waitedUntil(time.Now()), time.Time{}, s.count+n
		if !s.taken {
			s.captured.Write(buffer[:n])
		}
		s.mu.Unlock()
		s.lines.Write(buffer[:n])
		if err != nil {
			// End of file, or the deadline that KillAll set.
			s.lines.Flush()
			return
		}
	}
}

// linger waits until the whole output of the command is read. It ends when nothing arrives for a short time, because a
// background process still holds the stream, and a short time after ctx ends. It does not count the time in which the
// reader waits for the operator to receive output.
func (s *stream) linger(ctx context.Context) {
	s.mu.Lock()
	end := commandEnd{at: time.Now(), enough: s.count + pipeSize}
	end.waited = s.waitedUntil(end.at)
	s.mu.Unlock()
	tick := time.NewTicker(drainTimeout / 10)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case now := <-tick.C:
			if ctx.Err() != nil && now.Sub(end.at) >= drainTimeout || s.restIsOthers(now, end) {
				return
			}
		}
	}
}

// commandEnd is what is known of a stream when its command has ended.
type commandEnd struct {
	at time.Time
	// waited is how long the reader had waited until then; enough is how many bytes it has read when it has all of the command.
	waited time.Duration
	enough int
}

// restIsOthers reports whether all further output is that of other processes and not of the command: more than the
// capacity of the pipe was read, or the reader has waited for a while, which it need not for what the command wrote.
func (s *stream) restIsOthers(now time.Time, end commandEnd) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := s.waiting
	if since.Before(end.at) && !since.IsZero() {
		since = end.at
	}
	quiet := !since.IsZero() && now.Sub(since) >= drainTimeout
	return s.count > end.enough || quiet || s.waitedUntil(now)-end.waited >= trickleTimeout
}

// waitedUntil returns how long the reader has waited for output in all.
func (s *stream) waitedUntil(now time.Time) time.Duration {
	if s.waiting.IsZero() {
		return s.waited
	}
	return s.waited + now.Sub(s.waiting)
}

// take returns the captured output. Later output is only passed on.
func (s *stream) take() capture {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = true
	taken := s.captured
	s.captured = capture{}
	return taken
}

// interruptRead makes a reader stop at that time.
func interruptRead(f *os.File, at time.Time) {
	if f.SetReadDeadline(at) != nil {
		// Without deadlines, only closing the file unblocks a reader.
		f.Close()
	}
}
