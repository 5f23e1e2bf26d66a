package offer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/klauspost/compress/zstd"

	"sloth-runner/transfer"
)

// probeSize is how much of a file's beginning is compressed to see whether that is worth it.
const probeSize = 256 << 10

// shrinks reports whether the beginning of a content has less than nine tenths of its size when it is compressed.
func shrinks(beginning []byte) bool {
	encoder, err := newEncoder()
	if err != nil {
		return false
	}
	return len(encoder.EncodeAll(beginning, nil)) < len(beginning)/10*9
}

func newEncoder() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithWindowSize(transfer.Block), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
}

// encoded is a compressed content in a file that has no name and is gone with the process. It is sent while it grows.
type encoded struct {
	file *os.File
	size int64

	mu sync.Mutex
	// ends is where the frame of each block ends.
	ends []int64
	// err is why no more comes: io.EOF after the last block.
	err error
	// changed is closed and replaced when there is more.
	changed chan struct{}
}

// encode returns the compressed content of a version, which a goroutine of the library makes.
func (l *Library) encode(v *version) (*encoded, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.encoded != nil {
		return v.encoded, nil
	}
	file, err := os.CreateTemp("", "sloth-offer-") // it is 0600
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	v.encoded = &encoded{file: file, size: v.entry.Size, changed: make(chan struct{})}
	v.refs++
	l.encoding.Go(func() {
		defer l.release(v)
		v.encoded.finish(v.encoded.fill(l.ctx, v))
	})
	return v.encoded, nil
}

// fill compresses the file, block by block.
func (e *encoded) fill(ctx context.Context, v *version) error {
	source, err := v.reopen()
	if err != nil {
		return err
	}
	defer source.Close()
	encoder, err := newEncoder()
	if err != nil {
		return err
	}
	hash := sha256.New()
	block, frame := make([]byte, transfer.Block), []byte(nil)
	for at := int64(0); at < e.size && ctx.Err() == nil; {
		n, err := io.ReadFull(source, block[:min(e.size-at, transfer.Block)])
		if err != nil {
			return errors.Join(errChanged(v.asked), err)
		}
		hash.Write(block[:n])
		frame = encoder.EncodeAll(block[:n], frame[:0])
		if err := e.add(frame); err != nil {
			v.noRoom.Store(true)
			return fmt.Errorf("keep %s compressed: %w", transfer.Quote(v.asked), err)
		}
		at += int64(n)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := v.isStill(source, e.size); err != nil {
		return err
	}
	if transfer.SumOf(hash) != v.entry.Digest {
		v.bad.Store(true)
		return errChanged(v.asked)
	}
	return io.EOF
}

// add appends the frame of the next block.
func (e *encoded) add(frame []byte) error {
	start := int64(0)
	if n := len(e.ends); n > 0 {
		start = e.ends[n-1]
	}
	if _, err := e.file.WriteAt(frame, start); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ends = append(e.ends, start+int64(len(frame)))
	e.wake()
	return nil
}

func (e *encoded) finish(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = err
	e.wake()
}

func (e *encoded) wake() {
	close(e.changed)
	e.changed = make(chan struct{})
}

// span waits for the frame of a block, and returns where it is. After the last one it is io.EOF, and only if all was well.
func (e *encoded) span(ctx context.Context, block int) (start, end int64, err error) {
	for {
		e.mu.Lock()
		changed, have, err := e.changed, len(e.ends), e.err
		if block < have {
			if block > 0 {
				start = e.ends[block-1]
			}
			end = e.ends[block]
			e.mu.Unlock()
			return start, end, nil
		}
		e.mu.Unlock()
		if err != nil {
			return 0, 0, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, 0, context.Cause(ctx)
		}
	}
}

// close removes the file. It may be called on nil.
func (e *encoded) close() {
	if e != nil {
		_ = e.file.Close() // nothing is left to read
	}
}

// from reads from the block at an offset.
func (e *encoded) from(offset int64) *frames {
	return &frames{encoded: e, block: int((offset + transfer.Block - 1) / transfer.Block)}
}

// frames are the frames of a content on their way to one host.
type frames struct {
	encoded *encoded
	block   int
	at, end int64
	buffer  [transfer.MaxChunk]byte
}

func (f *frames) next(ctx context.Context, most int) ([]byte, error) {
	if f.at == f.end {
		var err error
		if f.at, f.end, err = f.encoded.span(ctx, f.block); err != nil {
			return nil, err
		}
		f.block++
	}
	piece := f.buffer[:min(int64(most), f.end-f.at, transfer.MaxChunk)]
	if _, err := f.encoded.file.ReadAt(piece, f.at); err != nil {
		return nil, fmt.Errorf("read what was kept compressed: %w", err)
	}
	f.at += int64(len(piece))
	return piece, nil
}

func (f *frames) done() int64 { return min(int64(f.block)*transfer.Block, f.encoded.size) }
func (f *frames) close()      {}
