package runner

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"

	"sloth-runner/proto"
)

// counted counts what was read of it.
type counted struct {
	io.Reader
	mu sync.Mutex
	n  int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
	return n, err
}

func (c *counted) Close() error { return nil }

func (c *counted) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func randomInput(size int) []byte {
	data := make([]byte, size)
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(data)
	return data
}

// readAll reads to the end.
func readAll(t *testing.T, r *stdinReader) []byte {
	var all []byte
	for {
		data, err := r.next(nil)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Error(err)
			return all
		}
		all = append(all, data...)
	}
}

// TestStdinWaitsForTheSlowest: the input is read only so far ahead of the host that is furthest behind, until that comes to its
// end; the others get all of it.
func TestStdinWaitsForTheSlowest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		input := randomInput(8 << 20)
		source := &counted{Reader: bytes.NewReader(input)}
		s := newStdin(source, false)
		defer s.close()
		fast, other, slow := s.reader(), s.reader(), s.reader()
		synctest.Wait()
		if n := source.count(); n != 0 {
			t.Errorf("%d bytes were read before anything was wanted", n)
		}
		var reading sync.WaitGroup
		for _, r := range []*stdinReader{fast, other} {
			reading.Go(func() {
				if got := readAll(t, r); !bytes.Equal(got, input) {
					t.Errorf("%d of %d bytes came, or others", len(got), len(input))
				}
			})
		}
		synctest.Wait()
		if n, most := source.count(), stdinKept*proto.MaxInputChunk; n == 0 || n > most {
			t.Errorf("%d bytes were read for the slowest, which took none; at most %d", n, most)
		}
		slow.close()
		reading.Wait()
		slow.close()
		if len(s.chunks) != 0 {
			t.Errorf("%d chunks are kept for none", len(s.chunks))
		}
	})
}

// TestStdinForHostsThatComeLater: where one begins only when another has ended, all get all of it, and memory is bounded.
func TestStdinForHostsThatComeLater(t *testing.T) {
	input := randomInput(8 << 20)
	s := newStdin(&counted{Reader: bytes.NewReader(input)}, true)
	defer s.close()
	readers := []*stdinReader{s.reader(), s.reader(), s.reader()}
	for i, r := range readers {
		if got := readAll(t, r); !bytes.Equal(got, input) {
			t.Errorf("host %d: %d of %d bytes came, or others", i, len(got), len(input))
		}
		inMemory := 0
		for _, chunk := range s.chunks {
			inMemory += len(chunk.data)
		}
		if inMemory > stdinKept*proto.MaxInputChunk {
			t.Errorf("%d bytes are in memory", inMemory)
		}
		r.close()
	}
}

// TestStdinEnds: the end of the run does not wait for an input that does not come.
func TestStdinEnds(t *testing.T) {
	read, write := io.Pipe()
	defer write.Close()
	s := newStdin(read, false)
	r := s.reader()
	stop := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if _, err := r.next(stop); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a host that waited got %v", err)
		}
	})
	close(stop)
	waiting.Wait()
	r.close()
	s.close()
}
