package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"sloth-runner/transfer"
)

// Partial is a content that comes in. One goroutine uses it, until it gives it back with Keep or Leave.
type Partial struct {
	store  *Store
	slot   *slot
	digest transfer.Digest
	file   *os.File
	hash   hash.Hash
	size   int64
	// marked is how much came in whole blocks (transfer.Block), and state that of the hash there.
	marked int64
	state  []byte
}

// slot is the partial file of one digest in this process.
type slot struct {
	turn    chan struct{}
	partial *Partial
}

// Partial returns what came of a content before in this process, or an empty one. It waits while another goroutine has it.
func (s *Store) Partial(ctx context.Context, digest transfer.Digest) (*Partial, error) {
	s.mu.Lock()
	at := s.partials[digest]
	if at == nil {
		at = &slot{turn: make(chan struct{}, 1)}
		s.partials[digest] = at
	}
	s.mu.Unlock()
	select {
	case at.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if at.partial == nil {
		file, err := s.create()
		if err != nil {
			<-at.turn
			return nil, fmt.Errorf("keep a file that comes in %s: %w", s.dir, err)
		}
		at.partial = &Partial{store: s, slot: at, digest: digest, file: file, hash: sha256.New()}
	}
	return at.partial, nil
}

// Came is from where a content goes on that came in part before, and that is not used now.
func (s *Store) Came(digest transfer.Digest) int64 {
	s.mu.Lock()
	at := s.partials[digest]
	s.mu.Unlock()
	if at == nil {
		return 0
	}
	select {
	case at.turn <- struct{}{}:
		defer func() { <-at.turn }()
	default:
		return 0
	}
	if at.partial == nil {
		return 0
	}
	return at.partial.marked
}

// create makes a partial file, and locks it before anyone can take it for one that a killed process left.
func (s *Store) create() (*os.File, error) {
	unlock, err := s.lock(shared)
	if err != nil {
		return nil, err
	}
	defer unlock()
	file, err := os.OpenFile(filepath.Join(s.dir, partialPrefix+rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(file, exclusive); err != nil {
		return nil, errors.Join(err, os.Remove(file.Name()), file.Close())
	}
	return file, nil
}

// Resume returns from where the content goes on: what came after the last whole block is given up.
func (p *Partial) Resume() (int64, error) {
	p.hash.Reset()
	if p.marked > 0 {
		if err := p.hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.state); err != nil {
			return 0, err
		}
	}
	if err := p.file.Truncate(p.marked); err != nil {
		return 0, err
	}
	_, err := p.file.Seek(p.marked, io.SeekStart)
	p.size = p.marked
	return p.size, err
}

// Write appends to the content.
func (p *Partial) Write(data []byte) (int, error) {
	written := 0
	for len(data) > 0 {
		// Up to the next block, where the state of the hash is kept.
		next := min(int64(len(data)), transfer.Block-p.size%transfer.Block)
		n, err := p.file.Write(data[:next])
		p.hash.Write(data[:n])
		p.size += int64(n)
		written += n
		if err != nil {
			return written, fmt.Errorf("keep a file that comes in %s: %w", p.store.dir, err)
		}
		data = data[n:]
		if p.size%transfer.Block == 0 {
			if err := p.mark(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

func (p *Partial) mark() error {
	state, err := p.hash.(encoding.BinaryAppender).AppendBinary(p.state[:0])
	if err != nil {
		return err
	}
	p.marked, p.state = p.size, state
	return nil
}

// Size is how much has come.
func (p *Partial) Size() int64 { return p.size }

// ErrDigest says that a content is not what it should be.
var ErrDigest = errors.New("the content that came does not have the SHA-256 that was announced")

// Keep checks that the content is whole and right, gives it its name in the cache, and returns it, to be read from its
// beginning. What is not right is removed.
func (p *Partial) Keep() (*os.File, error) {
	defer p.free()
	if transfer.SumOf(p.hash) != p.digest {
		return nil, errors.Join(ErrDigest, p.remove())
	}
	_, err := p.file.Seek(0, io.SeekStart)
	if err == nil {
		err = os.Rename(p.file.Name(), p.store.path(p.digest))
	}
	if err != nil {
		return nil, errors.Join(err, p.remove())
	}
	p.slot.partial = nil
	p.store.trim()
	// The lock is on what is open, and means nothing under the new name.
	return p.file, nil
}

// Leave gives the partial file back, for one that goes on with it.
func (p *Partial) Leave() { p.free() }

func (p *Partial) free() { <-p.slot.turn }

// Drop removes what came, and gives it back.
func (p *Partial) Drop() error {
	defer p.free()
	return p.remove()
}

func (p *Partial) remove() error {
	p.slot.partial = nil
	return errors.Join(os.Remove(p.file.Name()), p.file.Close())
}
