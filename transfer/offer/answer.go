package offer

import (
	"errors"
	"io"
	"time"

	protobuf "google.golang.org/protobuf/proto"

	"sloth-runner/internal/glob"
	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// list sends what is offered at a path.
func (c *caller) list(r *request) error {
	part, size := &proto.FilesEntries{}, 0
	send := func() error {
		if len(part.Entries) == 0 {
			return nil
		}
		message := &proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Entries{Entries: part}}
		err := c.out.SendPaced(r.ctx, message, protobuf.Size(part))
		part, size = &proto.FilesEntries{}, 0
		return err
	}
	exclude, size := glob.Excluded{}, 0
	for _, pattern := range r.list.GetExclude() {
		exclude.Patterns = append(exclude.Patterns, string(pattern))
		if size += len(pattern) + 1; size > 2*transfer.MaxExclude {
			return transfer.Broken("patterns of more than %d bytes", transfer.MaxExclude)
		}
	}
	err := c.server.Library.list(r.ctx, string(r.list.GetPath()), exclude, func(entry transfer.Entry) error {
		m := entry.Message()
		part.Entries = append(part.Entries, m)
		if size += protobuf.Size(m); size < c.out.Window.Chunk() {
			return nil
		}
		return send()
	})
	if err != nil {
		return err
	}
	return send()
}

// read sends a file, or only what it is like.
func (c *caller) read(r *request) error {
	asked := string(r.read.GetPath())
	v, err := c.server.Library.open(r.ctx, asked)
	if err != nil {
		return err
	}
	defer c.server.Library.release(v)
	want, err := transfer.ParseDigest(r.read.GetSha256())
	if err != nil {
		return err
	}
	if !want.IsZero() && want != v.entry.Digest {
		return errChanged(asked)
	}
	content := &proto.FilesContent{File: v.entry.Message(), Block: transfer.Block}
	if !wants(r.read, v.entry) {
		return c.out.Send(&proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Content{Content: content}})
	}
	offset := r.read.GetOffset()
	if offset > uint64(v.entry.Size) || offset%transfer.Block != 0 {
		return transfer.Broken("a read of %d bytes from %d", v.entry.Size, offset)
	}
	source, encoding, err := v.from(int64(offset))
	if err != nil {
		return err
	}
	defer source.close()
	content.Follows, content.Encoding = true, encoding
	if err := c.out.Send(&proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Content{Content: content}}); err != nil {
		return err
	}
	return c.content(r, v, source)
}

// wants reports whether the host wants the content of what it asked for.
func wants(read *proto.FilesRead, file transfer.Entry) bool {
	if have, err := transfer.ParseDigest(read.GetHave()); err == nil && have == file.Digest {
		return false
	}
	return read.Most == nil || uint64(file.Size) <= read.GetMost()
}

// content sends what a source has.
func (c *caller) content(r *request, v *version, from source) error {
	file := &proto.HostFile{Path: v.asked, Size: v.entry.Size, Digest: v.entry.Digest.String()}
	began := from.done()
	err := c.pieces(r, from, func(sent int) {
		file.Sent += int64(sent)
		file.Moved = from.done() - began
	}, file)
	file.Finished = err == nil
	if errors.Is(err, io.EOF) {
		err = errEnded
	}
	if err != nil {
		file.Failure = transfer.ErrorMessage(err).GetReason()
	}
	c.report(file)
	return err
}

// pieces sends a content piece by piece, as the link and the limits allow. moved counts each.
func (c *caller) pieces(r *request, from source, moved func(int), file *proto.HostFile) error {
	if err := c.turn.take(r.ctx, c.server.Limits); err != nil {
		return err
	}
	defer c.turn.rest()
	reported := time.Now()
	for {
		piece, err := from.next(r.ctx, c.out.Window.Chunk())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if limits := c.server.Limits; limits != nil {
			if err := limits.Wait(r.ctx, len(piece)); err != nil {
				return err
			}
		}
		message := &proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Chunk{Chunk: &proto.FilesChunk{Data: piece}}}
		if err := c.out.SendPaced(r.ctx, message, len(piece)); err != nil {
			return err
		}
		c.turn.goesOn()
		moved(len(piece))
		if now := time.Now(); now.Sub(reported) >= reportEvery {
			reported = now
			c.report(protobuf.Clone(file).(*proto.HostFile))
		}
	}
}
