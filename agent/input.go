package agent

import (
	"errors"
	"io"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// InputBroken is the cause when a command is ended because its standard input is incomplete. Otherwise the command would
// take it as complete.
type InputBroken struct{ Why string }

func (e InputBroken) Error() string { return "the standard input broke off: " + e.Why }

// input passes the standard input of a run's task from the operator to the command. At most one chunk is in memory.
type input struct {
	attached sync.Once
	chunks   chan []byte
	// whole is closed when all input has arrived, broken when it ended before.
	whole, broken chan struct{}
	// why is set before broken is closed.
	why string
	// unwanted is closed when the input is no longer read.
	unwanted chan struct{}
	once     sync.Once
}

func newInput() *input {
	return &input{chunks: make(chan []byte), whole: make(chan struct{}), broken: make(chan struct{}), unwanted: make(chan struct{})}
}

// close ends the input when it is no longer read. It may be called more than once.
func (in *input) close() { in.once.Do(func() { close(in.unwanted) }) }

// serve receives the operator's chunks and passes them to feed.
func (in *input) serve(stream grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error {
	first := false
	in.attached.Do(func() { first = true })
	if !first {
		return status.Error(codes.FailedPrecondition, "the run has its input already")
	}
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			close(in.whole)
			return nil
		}
		if err == nil {
			err = in.pass(stream, chunk)
		}
		if errors.Is(err, errUnwanted) {
			return nil
		}
		if err != nil {
			in.why = fault.WithHint(err)
			close(in.broken)
			return err
		}
	}
}

var errUnwanted = errors.New("nothing reads the input any more")

func (in *input) pass(stream grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken], chunk *proto.InputChunk) error {
	if why := chunk.GetBroken(); why != "" {
		return errors.New(strings.ToValidUTF8(why, "\uFFFD"))
	}
	select {
	case in.chunks <- chunk.GetData():
		return stream.Send(&proto.InputTaken{})
	case <-in.unwanted:
		return errUnwanted
	case <-stream.Context().Done():
		return stream.Context().Err()
	}
}

// feed writes the input to to, and closes to after all of it. It returns early when to is no longer read, or stop is
// closed; neither is an error. The error is InputBroken: then the reader must not see an end of file.
func (in *input) feed(to io.WriteCloser, stop <-chan struct{}) error {
	defer in.close()
	for {
		select {
		case data := <-in.chunks:
			if _, err := to.Write(data); err != nil {
				return nil
			}
		case <-in.whole:
			_ = to.Close() // the command may have ended in the meantime
			return nil
		case <-in.broken:
			return InputBroken{in.why}
		case <-stop:
			return nil
		}
	}
}

// Input receives the standard input of a run; see the protocol.
func (s *Service) Input(stream grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	session := s.sessionOf(first.GetRunId(), first.GetHost())
	if session == nil || session.input == nil {
		return status.Error(codes.NotFound, "no such run waits for input here")
	}
	return session.input.serve(stream)
}

func (s *Service) sessionOf(run, host string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	for session := range s.sessions {
		if session.start.GetRunId() == run && session.start.GetHost() == host {
			return session
		}
	}
	return nil
}
