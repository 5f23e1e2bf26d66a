package agent

import (
	"fmt"
	"os"
	"sync"
	"time"

	"sloth-runner/proto"
)

// stream is one output stream of a command while it is read: cut into lines for events, and captured for the task.
type stream struct {
	owner *processes
	read  *os.File
	write *os.File // the command's end; closed here once the command has it

	lines lines
	done  chan struct{} // closed when all is read

	mu       sync.Mutex
	captured capture
	taken    bool
}

// stream makes a pipe, one end for a command, and prepares the reader of the other. serial orders the calls of output
// among the streams of a command.
func (p *processes) stream(kind proto.Output_Stream, serial *sync.Mutex, output func(proto.Output_Stream, []byte)) (*stream, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open a pipe: %w", err)
	}
	emit := func(data []byte) {
		serial.Lock()
		defer serial.Unlock()
		output(kind, data)
	}
	return &stream{owner: p, read: read, write: write, lines: lines{emit: emit}, done: make(chan struct{})}, nil
}

// abandon releases a stream whose command was not started.
func (s *stream) abandon() {
	s.write.Close()
	s.read.Close()
}

// started begins to read; the command has its end.
func (s *stream) started() {
	s.write.Close()
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
		n, err := s.read.Read(buffer)
		s.lines.Write(buffer[:n])
		s.mu.Lock()
		if !s.taken {
			s.captured.Write(buffer[:n])
		}
		s.mu.Unlock()
		if err != nil {
			// The end, or the deadline that killAll set.
			s.lines.Flush()
			return
		}
	}
}

// linger waits until all is read, or for a short time when something in the background still holds the stream.
func (s *stream) linger() {
	timer := time.NewTimer(lingering)
	defer timer.Stop()
	select {
	case <-s.done:
	case <-timer.C:
	}
}

// take returns what was captured so far; later output is only passed on.
func (s *stream) take() capture {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = true
	taken := s.captured
	s.captured = capture{}
	return taken
}

// interruptRead makes a reader stop at the given time.
func interruptRead(f *os.File, at time.Time) {
	if f.SetReadDeadline(at) != nil {
		// Without deadlines, closing is what unblocks a reader.
		f.Close()
	}
}
