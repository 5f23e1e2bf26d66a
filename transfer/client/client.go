package client

import (
	"context"
	"errors"
	"io"
	"sync"

	protobuf "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// Stream is the host's end of Agent.Files.
type Stream interface {
	Send(*proto.FilesFromHost) error
	Recv() (*proto.FilesFromOperator, error)
}

// ErrEnded says that the call is over, and with it what was asked for in it.
var ErrEnded = errors.New("the connection for files has ended")

// Client asks for files. Safe for concurrent use.
type Client struct {
	stream Stream
	out    *transfer.Outlet[*proto.FilesFromHost]
	in     *transfer.Intake
	// places has room for as many requests as may be open at once.
	places chan struct{}

	// beginning is held while a request is sent: their numbers go out in order.
	beginning sync.Mutex
	last      uint64

	mu    sync.Mutex
	calls map[uint64]*call
	// err is why the call is over; nil: it is not. ended is closed then.
	err   error
	ended chan struct{}
}

// New returns a client of a stream whose first message was received already. It asks for nothing before Run.
func New(stream Stream) *Client {
	c := &Client{
		stream: stream, out: transfer.NewOutlet(stream.Send),
		places: make(chan struct{}, transfer.MaxRequests), calls: map[uint64]*call{}, ended: make(chan struct{}),
	}
	c.in = transfer.NewIntake(func(taken uint64) error { return c.out.Send(&proto.FilesFromHost{Taken: taken}) })
	return c
}

// Run receives what the operator says until the stream ends. The error is nil when the operator ended it.
func (c *Client) Run() error {
	for {
		message, err := c.stream.Recv()
		if err == nil {
			err = c.receive(message)
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			c.end(err)
			return err
		}
	}
}

func (c *Client) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = ErrEnded
		if err != nil {
			c.err = asEnd(err)
		}
		close(c.ended)
	}
}

func (c *Client) receive(message *proto.FilesFromOperator) error {
	if taken := message.GetTaken(); taken > 0 {
		if err := c.out.Window.Taken(taken); err != nil {
			return err
		}
	}
	if message.GetMessage() == nil {
		return nil
	}
	size := sizeOf(message)
	if err := c.in.Receive(size); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock() // so that the call does not end before it has the message
	call := c.calls[message.GetRequest()]
	if call == nil {
		return c.in.Take(size) // nobody waits for it any more
	}
	call.add(message)
	return nil
}

// sizeOf is what counts of a message against the window.
func sizeOf(message *proto.FilesFromOperator) int {
	if entries := message.GetEntries(); entries != nil {
		return protobuf.Size(entries)
	}
	return len(message.GetChunk().GetData())
}

// call is a request that is open.
type call struct {
	client *Client
	id     uint64

	mu       sync.Mutex
	messages []*proto.FilesFromOperator
	// over says that the last message came.
	over bool
	// more has room for one: there is another message.
	more chan struct{}
}

// begin sends a request. The call must be closed.
func (c *Client) begin(ctx context.Context, message *proto.FilesFromHost) (*call, error) {
	select {
	case c.places <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-c.ended:
		return nil, c.reason()
	}
	r := &call{client: c, more: make(chan struct{}, 1)}
	c.beginning.Lock()
	defer c.beginning.Unlock()
	c.last++
	r.id, message.Request = c.last, c.last
	c.mu.Lock()
	err := c.err
	c.calls[r.id] = r
	c.mu.Unlock()
	if err == nil {
		err = c.out.Send(message)
	}
	if err != nil {
		c.mu.Lock()
		delete(c.calls, r.id)
		c.mu.Unlock()
		<-c.places
		return nil, asEnd(err)
	}
	return r, nil
}

// asEnd is the error of a stream, or of its end.
func asEnd(err error) error {
	if errors.Is(err, ErrEnded) {
		return err
	}
	return errors.Join(ErrEnded, err)
}

func (c *Client) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (r *call) add(message *proto.FilesFromOperator) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, message)
	r.over = r.over || message.GetEnd() != nil || message.GetError() != nil
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// next waits for the next message. What it counts is taken by taken. io.EOF is the end of the answer; an error of the operator is
// one here.
func (r *call) next(ctx context.Context) (*proto.FilesFromOperator, error) {
	for {
		r.mu.Lock()
		if len(r.messages) > 0 {
			message := r.messages[0]
			if message.GetEnd() == nil && message.GetError() == nil { // the last one stays, for those who ask again
				r.messages[0] = nil
				r.messages = r.messages[1:]
			}
			r.mu.Unlock()
			switch m := message.GetMessage().(type) {
			case *proto.FilesFromOperator_Error:
				return nil, transfer.ParseError(m.Error)
			case *proto.FilesFromOperator_End:
				return nil, io.EOF
			}
			return message, nil
		}
		r.mu.Unlock()
		select {
		case <-r.more:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-r.client.ended:
			// What came before the end is still there.
			r.mu.Lock()
			empty := len(r.messages) == 0
			r.mu.Unlock()
			if empty {
				return nil, r.client.reason()
			}
		}
	}
}

// taken says that a message was used.
func (r *call) taken(message *proto.FilesFromOperator) error {
	if err := r.client.in.Take(sizeOf(message)); err != nil {
		return asEnd(err)
	}
	return nil
}

// close ends the request. An answer that is not over is not wanted any more.
func (r *call) close() {
	c := r.client
	c.mu.Lock()
	delete(c.calls, r.id)
	c.mu.Unlock()
	r.mu.Lock()
	left, over := r.messages, r.over
	r.messages = nil
	r.mu.Unlock()
	// The stream's own end says why, when these can't be sent.
	for _, message := range left {
		_ = r.taken(message)
	}
	if !over {
		_ = c.out.Send(&proto.FilesFromHost{Request: r.id, Message: &proto.FilesFromHost_Error{Error: &proto.FilesError{Reason: "it is not wanted any more"}}})
	}
	<-c.places
}
