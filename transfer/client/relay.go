package client

import (
	"context"
	"errors"
	"io"
	"sync"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// Relay serves another host's end, which is that of a child agent, with what this client's operator answers. Nothing of it stays here: a message
// is passed on when there is room for it. Relay returns when the stream ends, which has to end with ctx. An end that breaks a rule ends the
// stream, and not the call of this client.
func (c *Client) Relay(ctx context.Context, stream proto.FilesCall) error {
	ctx, cancel := context.WithCancelCause(ctx)
	r := &relay{client: c, cancel: cancel, order: make(chan *relayed, transfer.MaxRequests), open: map[uint64]*relayed{}}
	r.out = transfer.NewOutlet(stream.Send)
	r.in = transfer.NewIntake(func(taken uint64) error { return r.out.Send(&proto.FilesFromOperator{Taken: taken}) })
	defer func() {
		cancel(nil)
		r.working.Wait()
		for _, given := range r.open {
			given.call.close()
		}
	}()
	r.working.Go(func() { r.answerAll(ctx) })
	for {
		message, err := stream.Recv()
		if err == nil {
			err = r.receive(ctx, message)
		}
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, io.EOF):
			return nil
		}
		return err
	}
}

// relay is a stream whose requests are passed on.
type relay struct {
	client *Client
	out    *transfer.Outlet[*proto.FilesFromOperator]
	in     *transfer.Intake
	cancel context.CancelCauseFunc
	// order has the lists and reads in the order in which they came, which is that of their answers.
	order   chan *relayed
	working sync.WaitGroup
	// last is the largest number of a request so far; only receive uses it.
	last uint64

	mu    sync.Mutex
	open  map[uint64]*relayed
	paths int
}

// relayed is a request that was passed on.
type relayed struct {
	id     uint64
	path   int
	call   *call
	ctx    context.Context
	cancel context.CancelCauseFunc
	// pieces are those of an offered file that came and were not passed on; nil: it is none. The last has no data.
	pieces chan *proto.FilesFromHost
	// ended says that all of the offered file came; only receive uses it.
	ended bool
}

const (
	// maxPaths bounds the paths of all requests that are open, in bytes, as the operator does.
	maxPaths = 1 << 20
	// maxPieces is how many pieces of one file may wait: as many as a window has of the smallest ones.
	maxPieces = transfer.MaxWindow / (4 << 10)
)

func (r *relay) receive(ctx context.Context, message *proto.FilesFromHost) error {
	if taken := message.GetTaken(); taken > 0 {
		if err := r.out.Window.Taken(taken); err != nil {
			return err
		}
	}
	id := message.GetRequest()
	switch m := message.GetMessage().(type) {
	case nil:
		return nil
	case *proto.FilesFromHost_List:
		return r.begin(ctx, id, len(m.List.GetPath()), message)
	case *proto.FilesFromHost_Read:
		return r.begin(ctx, id, len(m.Read.GetPath()), message)
	case *proto.FilesFromHost_Offer:
		return r.begin(ctx, id, len(m.Offer.GetPath())+len(m.Offer.GetName()), message)
	case *proto.FilesFromHost_Chunk:
		if len(m.Chunk.GetData()) > transfer.MaxChunk {
			return transfer.Broken("a chunk of %d bytes", len(m.Chunk.GetData()))
		}
		if err := r.in.Receive(len(m.Chunk.GetData())); err != nil {
			return err
		}
		return r.piece(id, message)
	case *proto.FilesFromHost_End:
		if _, err := transfer.ParseDigest(m.End.GetSha256()); err != nil {
			return transfer.Broken("%v", err)
		}
		return r.piece(id, message)
	case *proto.FilesFromHost_Error:
		r.mu.Lock()
		defer r.mu.Unlock()
		if given := r.open[id]; given != nil {
			given.cancel(transfer.ParseError(m.Error))
		}
		return nil
	}
	return transfer.Broken("a message of an unknown kind")
}

// begin passes a request on.
func (r *relay) begin(ctx context.Context, id uint64, path int, message *proto.FilesFromHost) error {
	given := &relayed{id: id, path: path}
	r.mu.Lock()
	tooMany := len(r.open) == transfer.MaxRequests || r.paths+path > maxPaths
	r.mu.Unlock()
	if id <= r.last || tooMany {
		return transfer.Broken("the number %d of a request after %d, or too many requests", id, r.last)
	}
	r.last = id
	given.ctx, given.cancel = context.WithCancelCause(ctx)
	if message.GetOffer() != nil {
		given.pieces = make(chan *proto.FilesFromHost, maxPieces)
	}
	var err error
	if given.call, err = r.client.begin(ctx, &proto.FilesFromHost{Message: message.GetMessage()}); err != nil {
		given.cancel(nil)
		return err
	}
	r.mu.Lock()
	r.open[id] = given
	r.paths += path
	r.mu.Unlock()
	if given.pieces != nil {
		r.working.Go(func() { r.passOffer(given) })
		return nil
	}
	r.order <- given // it has room for all that are open
	return nil
}

// finish ends a request with the operator's last word about it, or an error.
func (r *relay) finish(given *relayed, err error) {
	given.call.close()
	r.mu.Lock()
	delete(r.open, given.id)
	r.paths -= given.path
	r.mu.Unlock()
	given.cancel(nil)
	last := &proto.FilesFromOperator{Request: given.id, Message: &proto.FilesFromOperator_End{End: &proto.FilesEnd{}}}
	if !errors.Is(err, io.EOF) {
		last.Message = &proto.FilesFromOperator_Error{Error: transfer.ErrorMessage(err)}
	}
	if err := r.out.Send(last); err != nil {
		r.cancel(err)
	}
}

// answerAll passes the answers to lists and reads on.
func (r *relay) answerAll(ctx context.Context) {
	for {
		select {
		case given := <-r.order:
			r.finish(given, r.answer(given))
		case <-ctx.Done():
			return
		}
	}
}

// answer passes one answer on, up to its end, which is io.EOF, or an error.
func (r *relay) answer(given *relayed) error {
	for {
		message, err := given.call.next(given.ctx)
		if err != nil {
			return err
		}
		size := sizeOf(message)
		message.Request, message.Taken = given.id, 0
		if err := r.out.SendPaced(given.ctx, message, size); err != nil {
			return err
		}
		if err := given.call.taken(message); err != nil {
			return err
		}
	}
}

// piece takes a part of an offered file.
func (r *relay) piece(id uint64, message *proto.FilesFromHost) error {
	r.mu.Lock()
	defer r.mu.Unlock() // so that the file is not given up before the piece is there
	given := r.open[id]
	if given == nil || given.pieces == nil {
		return r.in.Take(len(message.GetChunk().GetData()))
	}
	if given.ended {
		return transfer.Broken("a file that goes on after its end")
	}
	given.ended = message.GetEnd() != nil
	select {
	case given.pieces <- message:
		return nil
	default:
		return transfer.Broken("more pieces than a window has")
	}
}

// passOffer passes an offered file on, while the operator wants it.
func (r *relay) passOffer(given *relayed) {
	passing := make(chan struct{})
	go func() {
		defer close(passing)
		r.passPieces(given)
	}()
	err := r.takeOffer(given)
	given.cancel(err)
	<-passing
	r.finish(given, err)
	r.drop(given)
}

// takeOffer passes on what the operator says of an offered file.
func (r *relay) takeOffer(given *relayed) error {
	for {
		message, err := given.call.next(given.ctx)
		if err != nil {
			return err
		}
		if message.GetTake() == nil {
			return transfer.Broken("an answer to an offer that is none")
		}
		message.Request, message.Taken = given.id, 0
		if err := r.out.Send(message); err != nil {
			return err
		}
	}
}

func (r *relay) passPieces(given *relayed) {
	for {
		select {
		case message := <-given.pieces:
			n := len(message.GetChunk().GetData())
			err := r.client.out.SendPaced(given.ctx, &proto.FilesFromHost{Request: given.call.id, Message: message.GetMessage()}, n)
			if takeErr := r.in.Take(n); err == nil {
				err = takeErr
			}
			if err != nil {
				given.cancel(err)
				return
			}
		case <-given.ctx.Done():
			return
		}
	}
}

// drop takes what came of a file that was given up: else it would count as on its way for ever.
func (r *relay) drop(given *relayed) {
	for {
		select {
		case message := <-given.pieces:
			if r.in.Take(len(message.GetChunk().GetData())) != nil {
				return // the stream's own end says why
			}
		default:
			return
		}
	}
}
