package offer

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// Server serves the hosts of a run.
type Server struct {
	Library *Library
	// Limits bounds what goes to all hosts together; nil: nothing does.
	Limits transfer.Limits
	// Shelf has what hosts send; nil: nothing is taken from them.
	Shelf *Shelf
	// Report takes the events of a host's files, one at a time for each host; nil: they are not wanted.
	Report func(host string, file *proto.HostFile)
}

// ServeHost is Serve with a Report for this host.
func (s *Server) ServeHost(ctx context.Context, call proto.FilesCall, run, host string, report func(*proto.HostFile)) error {
	own := Server{Library: s.Library, Limits: s.Limits, Shelf: s.Shelf, Report: func(_ string, file *proto.HostFile) { report(file) }}
	return own.Serve(ctx, call, run, host)
}

// Serve answers a host until the host ends the call, which is no error, or the stream ends, which has to end with ctx.
func (s *Server) Serve(ctx context.Context, stream proto.FilesCall, run, host string) error {
	open := &proto.FilesFromOperator{Message: &proto.FilesFromOperator_Open{Open: &proto.FilesOpen{RunId: run, Host: host}}}
	if err := stream.Send(open); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &caller{server: s, host: host, cancel: cancel, asked: make(chan *request, transfer.MaxRequests), open: map[uint64]*request{}}
	c.out = transfer.NewOutlet(stream.Send)
	c.in = transfer.NewIntake(func(taken uint64) error { return c.out.Send(&proto.FilesFromOperator{Taken: taken}) })
	if s.Shelf != nil {
		c.box = s.Shelf.box(host)
	}
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel(nil)
	working.Go(func() { c.answerAll(ctx) })
	for {
		message, err := stream.Recv()
		if err == nil {
			err = c.receive(ctx, message, &working)
		}
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, io.EOF):
			cancel(errEnded)
			return nil
		}
		return err
	}
}

// errEnded is why a content was not sent to its end. gRPC has io.EOF for it.
var errEnded = errors.New("the host ended the connection for files")

// caller is a host that is served.
type caller struct {
	server *Server
	host   string
	out    *transfer.Outlet[*proto.FilesFromOperator]
	in     *transfer.Intake
	// box is where the host's files go; nil: nowhere.
	box    *box
	cancel context.CancelCauseFunc
	// asked are the requests that wait.
	asked chan *request
	// turn is the place among the uploads; only answerAll uses it.
	turn turn

	mu   sync.Mutex
	open map[uint64]*request
	// last is the largest number of a request so far; paths are the bytes of those that are open.
	last  uint64
	paths int

	reporting sync.Mutex
}

// request is one that is not answered yet.
type request struct {
	id     uint64
	list   *proto.FilesList
	read   *proto.FilesRead
	fetch  *fetch
	path   int
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// maxPaths bounds the paths of all requests that are open, in bytes.
const maxPaths = 1 << 20

// receive takes a message. The error ends the call: the host broke a rule, or is gone.
func (c *caller) receive(ctx context.Context, message *proto.FilesFromHost, working *sync.WaitGroup) error {
	if taken := message.GetTaken(); taken > 0 {
		if err := c.out.Window.Taken(taken); err != nil {
			return err
		}
	}
	id := message.GetRequest()
	switch m := message.GetMessage().(type) {
	case nil:
		return nil
	case *proto.FilesFromHost_List:
		return c.enqueue(ctx, &request{id: id, list: m.List, path: len(m.List.GetPath())})
	case *proto.FilesFromHost_Read:
		return c.enqueue(ctx, &request{id: id, read: m.Read, path: len(m.Read.GetPath())})
	case *proto.FilesFromHost_Offer:
		return c.fetch(ctx, id, m.Offer, working)
	case *proto.FilesFromHost_Chunk:
		return c.chunk(id, m.Chunk.GetData())
	case *proto.FilesFromHost_End:
		return c.chunksEnd(id, m.End)
	case *proto.FilesFromHost_Error:
		c.giveUp(id, transfer.ParseError(m.Error))
		return nil
	}
	return transfer.Broken("a message of an unknown kind")
}

// register counts a request that begins.
func (c *caller) register(ctx context.Context, r *request) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case r.id <= c.last:
		return transfer.Broken("the number %d of a request after %d", r.id, c.last)
	case len(c.open) == transfer.MaxRequests:
		return transfer.Broken("more than %d requests at once", transfer.MaxRequests)
	case c.paths+r.path > maxPaths:
		return transfer.Broken("requests with more than %d bytes of paths at once", maxPaths)
	}
	c.last = r.id
	c.paths += r.path
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	c.open[r.id] = r
	return nil
}

func (c *caller) finish(r *request) {
	r.cancel(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, r.id)
	c.paths -= r.path
}

func (c *caller) enqueue(ctx context.Context, r *request) error {
	if err := c.register(ctx, r); err != nil {
		return err
	}
	c.asked <- r // it has room for all that are open
	return nil
}

// giveUp ends a request that the host does not want any more.
func (c *caller) giveUp(id uint64, why error) {
	c.mu.Lock()
	r := c.open[id]
	c.mu.Unlock()
	if r != nil {
		r.cancel(why)
	}
}

// answerAll answers lists and reads in the order in which they came.
func (c *caller) answerAll(ctx context.Context) {
	for {
		select {
		case r := <-c.asked:
			if err := c.answer(r); err != nil {
				c.cancel(err)
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// answer answers a request. The error is that of the stream.
func (c *caller) answer(r *request) error {
	defer c.finish(r)
	err := context.Cause(r.ctx)
	if err == nil {
		if r.list != nil {
			err = c.list(r)
		} else {
			err = c.read(r)
		}
	}
	if err != nil {
		return c.out.Send(&proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_Error{Error: transfer.ErrorMessage(err)}})
	}
	return c.out.Send(&proto.FilesFromOperator{Request: r.id, Message: &proto.FilesFromOperator_End{End: &proto.FilesEnd{}}})
}

// report passes on an event.
func (c *caller) report(file *proto.HostFile) {
	if c.server.Report == nil {
		return
	}
	c.reporting.Lock()
	defer c.reporting.Unlock()
	c.server.Report(c.host, file)
}

// reportEvery is how often the progress of one file is reported.
const reportEvery = 250 * time.Millisecond
