package offer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"sync"
	"time"

	protobuf "google.golang.org/protobuf/proto"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// fetch is a file that a host sends.
type fetch struct {
	path   string
	size   int64
	mode   fs.FileMode
	digest transfer.Digest
	// pieces has what came and is not written; its sender closes it after the last.
	pieces chan []byte
	// sum is what the host says that it sent; it is set before pieces is closed.
	sum transfer.Digest
	// ended says that pieces is closed; only the goroutine that receives uses it.
	ended bool

	file     *shelved
	hash     hash.Hash
	event    *proto.HostFile
	reported time.Time
}

// maxPieces is how many pieces of one file may wait: as many as a window has of the smallest ones.
const maxPieces = transfer.MaxWindow / (4 << 10)

// fetch begins to take a file from the host. The error ends the call.
func (c *caller) fetch(ctx context.Context, id uint64, offer *proto.FilesOffer, working *sync.WaitGroup) error {
	f := &fetch{path: string(offer.GetPath()), pieces: make(chan []byte, maxPieces), hash: sha256.New(), mode: fs.FileMode(offer.GetMode()) & fs.ModePerm}
	r := &request{id: id, fetch: f, path: len(offer.GetPath()) + len(offer.GetName())}
	if err := c.register(ctx, r); err != nil {
		return err
	}
	working.Go(func() {
		err := c.takeFile(r, offer)
		c.finish(r)
		f.drop(c.in)
		message := &proto.FilesFromOperator{Request: id, Message: &proto.FilesFromOperator_End{End: &proto.FilesEnd{}}}
		if err != nil {
			message.Message = &proto.FilesFromOperator_Error{Error: transfer.ErrorMessage(err)}
		}
		if err := c.out.Send(message); err != nil {
			c.cancel(err)
		}
	})
	return nil
}

// takeFile checks an offer, and keeps the content under its name.
func (c *caller) takeFile(r *request, offer *proto.FilesOffer) (err error) {
	f := r.fetch
	if c.box == nil {
		return &fault.Error{Err: errors.New("this run takes no files from hosts"), Hint: "name a directory for them with --fetch-to"}
	}
	if offer.GetSize() > 1<<62 {
		return transfer.Broken("a file of %d bytes", offer.GetSize())
	}
	f.size = int64(offer.GetSize())
	if f.digest, err = transfer.ParseDigest(offer.GetSha256()); err != nil || f.digest.IsZero() {
		return transfer.Broken("an offer without a SHA-256")
	}
	name := f.path
	if given := string(offer.GetName()); given != "" {
		if err := transfer.CheckPath(given); err != nil {
			return err
		}
		name = given
	}
	if err := c.box.reserve(f.size); err != nil {
		return err
	}
	f.event = &proto.HostFile{Path: fault.Bound(f.path, transfer.MaxPath), Fetched: true, Size: f.size, Digest: f.digest.String()}
	err = c.store(r, name)
	if err != nil {
		c.box.refund(f.size)
		f.event.Failure = transfer.ErrorMessage(err).GetReason()
	}
	f.event.Finished = err == nil
	c.report(f.event)
	return err
}

// store writes the content to a file of that name.
func (c *caller) store(r *request, name string) error {
	f := r.fetch
	var err error
	if f.file, err = c.box.create(name); err != nil {
		return err
	}
	f.event.Destination = f.file.path
	if f.file.has(f.size, f.digest) {
		f.file.discard()
		return nil
	}
	if err := c.out.Send(&proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Take{Take: &proto.FilesTake{}}}); err != nil {
		f.file.discard()
		return err
	}
	if err := c.write(r); err != nil {
		f.file.discard()
		return err
	}
	return f.file.keep(f.mode)
}

// write writes all that comes, and checks it.
func (c *caller) write(r *request) error {
	f := r.fetch
	f.reported = time.Now()
	for {
		select {
		case piece, more := <-f.pieces:
			if !more {
				return f.verify()
			}
			err := f.add(piece)
			if takeErr := c.in.Take(len(piece)); takeErr != nil {
				return takeErr
			}
			if err != nil {
				return err
			}
			if now := time.Now(); now.Sub(f.reported) >= reportEvery {
				f.reported = now
				c.report(protobuf.Clone(f.event).(*proto.HostFile))
			}
		case <-r.ctx.Done():
			return context.Cause(r.ctx)
		}
	}
}

func (f *fetch) add(piece []byte) error {
	f.event.Moved += int64(len(piece))
	f.event.Sent = f.event.Moved
	if f.event.Moved > f.size {
		return transfer.Broken("more than the %d bytes of %s", f.size, transfer.Quote(f.path))
	}
	f.hash.Write(piece)
	if _, err := f.file.file.Write(piece); err != nil {
		return fmt.Errorf("write %s: %w", f.file.path, cause(err))
	}
	return nil
}

// drop takes what came after the file was given up: else it would count as on its way for ever.
func (f *fetch) drop(in *transfer.Intake) {
	for {
		select {
		case piece, more := <-f.pieces:
			if !more || in.Take(len(piece)) != nil {
				return
			}
		default:
			return
		}
	}
}

func (f *fetch) verify() error {
	if got := transfer.SumOf(f.hash); f.event.Moved != f.size || got != f.digest || f.sum != f.digest {
		return fmt.Errorf("%s changed on the host while it was fetched", transfer.Quote(f.path))
	}
	return nil
}

// has reports whether the file is there already, with this content.
func (s *shelved) has(size int64, digest transfer.Digest) bool {
	info, err := s.root.Lstat(s.name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return false
	}
	file, err := s.root.Open(s.name)
	if err != nil {
		return false
	}
	defer file.Close()
	sum, err := transfer.SumFile(file)
	return err == nil && sum == digest
}

// chunk passes on a piece of a file that the host sends.
func (c *caller) chunk(id uint64, data []byte) error {
	if len(data) > transfer.MaxChunk {
		return transfer.Broken("a chunk of %d bytes", len(data))
	}
	if err := c.in.Receive(len(data)); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock() // so that the file is not given up before the piece is there
	r := c.open[id]
	if r == nil || r.fetch == nil {
		return c.in.Take(len(data)) // of a file that was given up meanwhile
	}
	if r.fetch.ended {
		return transfer.Broken("a file that goes on after its end")
	}
	select {
	case r.fetch.pieces <- data:
		return nil
	default:
		return transfer.Broken("more pieces than a window has")
	}
}

// chunksEnd says that the host has sent all of a file.
func (c *caller) chunksEnd(id uint64, end *proto.FilesEnd) error {
	c.mu.Lock()
	r := c.open[id]
	c.mu.Unlock()
	if r == nil || r.fetch == nil {
		return nil
	}
	if r.fetch.ended {
		return transfer.Broken("a file that ends twice")
	}
	sum, err := transfer.ParseDigest(end.GetSha256())
	if err != nil {
		return transfer.Broken("%v", err)
	}
	r.fetch.ended, r.fetch.sum = true, sum
	close(r.fetch.pieces)
	return nil
}
