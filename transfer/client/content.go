package client

import (
	"context"
	"errors"
	"io"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// answer is the answer to a read: what a file is like, and its content as it is encoded. It is an io.Reader of that, which ends with
// the content.
type answer struct {
	call *call
	ctx  context.Context // of the request; io.Reader has no room for one
	file transfer.Entry
	// follows says that the content follows.
	follows bool
	zstd    bool
	// offset is from where the content was asked for.
	offset int64

	current *proto.FilesFromOperator
	left    []byte
	closed  bool
}

// read asks for a file. The answer's head is received by head; it must be closed.
func (c *Client) read(ctx context.Context, request *proto.FilesRead) (*answer, error) {
	r, err := c.begin(ctx, &proto.FilesFromHost{Message: &proto.FilesFromHost_Read{Read: request}})
	if err != nil {
		return nil, err
	}
	return &answer{call: r, ctx: ctx}, nil
}

// head waits for what the file is like.
func (a *answer) head() error {
	message, err := a.call.next(a.ctx)
	if errors.Is(err, io.EOF) {
		return transfer.Broken("an answer without its head")
	}
	if err != nil {
		return err
	}
	head := message.GetContent()
	if head == nil {
		return transfer.Broken("an answer that does not begin with its head")
	}
	if a.file, err = transfer.ParseEntry(head.GetFile()); err != nil {
		return transfer.Broken("%v", err)
	}
	if !a.file.Mode.IsRegular() {
		return transfer.Broken("the content of what is no file")
	}
	a.follows, a.zstd = head.GetFollows(), head.GetEncoding() == proto.FilesContent_ZSTD
	if a.follows && head.GetBlock() != transfer.Block {
		return transfer.Broken("a content in blocks of %d bytes", head.GetBlock())
	}
	if head.GetEncoding() > proto.FilesContent_ZSTD {
		return transfer.Broken("a content in an unknown encoding")
	}
	return nil
}

// Read implements io.Reader.
func (a *answer) Read(p []byte) (int, error) {
	for len(a.left) == 0 {
		if a.current != nil {
			if err := a.call.taken(a.current); err != nil {
				return 0, err
			}
			a.current = nil
		}
		message, err := a.call.next(a.ctx)
		if err != nil {
			return 0, err
		}
		chunk, ok := message.GetMessage().(*proto.FilesFromOperator_Chunk)
		if !ok {
			return 0, transfer.Broken("something else in the midst of a content")
		}
		a.current, a.left = message, chunk.Chunk.GetData()
	}
	n := copy(p, a.left)
	a.left = a.left[n:]
	return n, nil
}

// close gives the answer up, if it is not over. It may be called more than once.
func (a *answer) close() {
	if a.closed {
		return
	}
	a.closed = true
	if a.current != nil {
		_ = a.call.taken(a.current) // the stream's own end says why it can't be
		a.current = nil
	}
	a.call.close()
}
