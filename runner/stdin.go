package runner

import (
	"io"
	"slices"
	"sync"
	"time"

	"sloth-runner/proto"
)

// stdinKept is how many chunks of the standard input are kept in memory for slower hosts.
const stdinKept = 64

// stdin distributes the standard input of a run to all hosts. It reads only when a host wants more, and not further ahead
// of the slowest host than it can keep: the slowest host sets the pace. Where some hosts begin only when others have
// ended, the data for them is kept on disk. Safe for concurrent use.
type stdin struct {
	source io.ReadCloser
	// wake has room for one: a host wants more, or there is room.
	wake    chan struct{}
	stopped chan struct{}
	// ended is closed when the reading goroutine has ended.
	ended chan struct{}

	mu sync.Mutex
	// chunks are those that are kept; base is the number of the first.
	chunks []stdinChunk
	base   int
	// open is the number of readers; wanted: one of them waits for a chunk that is not read yet.
	open   int
	wanted bool
	// err is why there is no more data: io.EOF, or the error of the source.
	err error
	// changed is closed and replaced when there is more.
	changed chan struct{}
	// spool keeps on disk what does not fit in memory; nil: the slowest host sets the pace.
	spool *spool
}

// stdinChunk is a piece of the input, in memory or in the spool.
type stdinChunk struct {
	data []byte
	at   spooled
	// left is how many readers have not taken it yet.
	left int
}

// newStdin returns the standard input for the hosts' readers. It reads nothing until a reader wants data. toDisk: readers
// may have to wait for each other.
func newStdin(source io.ReadCloser, toDisk bool) *stdin {
	s := &stdin{source: source, wake: make(chan struct{}, 1), stopped: make(chan struct{}), ended: make(chan struct{}), changed: make(chan struct{})}
	if toDisk {
		s.spool = new(spool)
	}
	go s.read()
	return s
}

// stdinGrace is how long the end of the run waits for a pending Read of the source, which Close ends. The Read can only
// go on when another process took the data; it then ends with the process.
const stdinGrace = time.Second

// close ends the reading.
func (s *stdin) close() {
	close(s.stopped)
	// The data that is still read is not wanted any more.
	_ = s.source.Close()
	select {
	case <-s.ended:
		s.spool.close()
	case <-time.After(stdinGrace):
	}
}

func (s *stdin) read() {
	defer close(s.ended)
	buffer := make([]byte, proto.MaxInputChunk)
	for {
		select {
		case <-s.wake:
		case <-s.stopped:
			return
		}
		for s.isDue() {
			n, err := s.source.Read(buffer)
			if s.add(slices.Clone(buffer[:n]), err) {
				return
			}
		}
	}
}

// isDue reports whether a chunk is wanted and there is room for it.
func (s *stdin) isDue() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted && (s.spool != nil || len(s.chunks) < stdinKept)
}

// add queues a chunk for all readers, and reports whether it was the last.
func (s *stdin) add(data []byte, err error) (last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(data) > 0 {
		chunk := stdinChunk{data: data, left: s.open}
		if s.spool != nil && len(s.chunks) >= stdinKept {
			var spoolErr error
			if chunk.at, spoolErr = s.spool.put(data); spoolErr != nil {
				err = spoolErr
			}
			chunk.data = nil
		}
		s.chunks = append(s.chunks, chunk)
		s.drop()
	}
	if err != nil && s.err == nil {
		s.err = err
	}
	s.wanted = false
	close(s.changed)
	s.changed = make(chan struct{})
	return s.err != nil
}

// drop removes the chunks that all readers have taken.
func (s *stdin) drop() {
	for len(s.chunks) > 0 && s.chunks[0].left <= 0 {
		s.chunks[0] = stdinChunk{}
		s.chunks = s.chunks[1:]
		s.base++
	}
}

func (s *stdin) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// stdinReader is the position of one host. Only its goroutines use it.
type stdinReader struct {
	from *stdin
	at   int
	once sync.Once
}

// reader returns a reader for one more host. All readers are made before the first of them reads.
func (s *stdin) reader() *stdinReader {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open++
	return &stdinReader{from: s}
}

// next returns the next chunk. It waits until stop is closed; then the error is io.ErrClosedPipe.
func (r *stdinReader) next(stop <-chan struct{}) ([]byte, error) {
	s := r.from
	for {
		s.mu.Lock()
		if i := r.at - s.base; i < len(s.chunks) {
			chunk := &s.chunks[i]
			data, at := chunk.data, chunk.at
			chunk.left--
			r.at++
			s.drop()
			s.mu.Unlock()
			s.poke()
			if data == nil {
				return s.spool.get(at)
			}
			return data, nil
		}
		if err := s.err; err != nil {
			s.mu.Unlock()
			return nil, err
		}
		s.wanted = true
		changed := s.changed
		s.mu.Unlock()
		s.poke()
		select {
		case <-changed:
		case <-stop:
			return nil, io.ErrClosedPipe
		}
	}
}

// close lets the other readers go on without this one. It may be called more than once, and on nil.
func (r *stdinReader) close() {
	if r == nil {
		return
	}
	r.once.Do(func() {
		s := r.from
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open--
		for i := max(0, r.at-s.base); i < len(s.chunks); i++ {
			s.chunks[i].left--
		}
		s.drop()
		s.poke()
	})
}
