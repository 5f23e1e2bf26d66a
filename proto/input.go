package proto

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	// MaxInputChunk bounds a chunk of a standard input, in bytes.
	MaxInputChunk = 32 << 10
	// InputWindow is how many chunks may be on their way to a host before it has said that the first was taken: on a slow
	// link too, what else is said to the host waits for no more than that.
	InputWindow = 16
)

// ErrInputUnwanted says that nothing reads the input any more.
var ErrInputUnwanted = errors.New("nothing reads the standard input any more")

// InputSender is the sending end of Agent.Input. It is not safe for concurrent use.
type InputSender struct {
	stream   grpc.BidiStreamingClient[InputChunk, InputTaken]
	inFlight int
	// ended is how the stream ended; nil: it did not yet.
	ended error
}

// SendInput begins to send the standard input of a run. ctx has to end, but not before the run has: the host would not be told
// how the input ended.
func SendInput(ctx context.Context, to AgentClient, run, host string) (*InputSender, error) {
	stream, err := to.Input(ctx)
	if err != nil {
		return nil, err
	}
	s := &InputSender{stream: stream}
	if err := stream.Send(&InputChunk{RunId: run, Host: host}); err != nil {
		return nil, s.end()
	}
	return s, nil
}

// Write sends a chunk of at most MaxInputChunk, when there is room for it. The error is ErrInputUnwanted when the host takes no
// more.
func (s *InputSender) Write(data []byte) (int, error) {
	if s.ended != nil {
		return 0, s.ended
	}
	if s.inFlight == InputWindow {
		if _, err := s.stream.Recv(); err != nil {
			s.ended = endOfInput(err)
			return 0, s.ended
		}
		s.inFlight--
	}
	if err := s.stream.Send(&InputChunk{Data: data}); err != nil {
		return 0, s.end()
	}
	s.inFlight++
	return len(data), nil
}

// Wait returns when the host has taken all that was sent, or takes no more, which is ErrInputUnwanted too. Another error says
// why it refused the input.
func (s *InputSender) Wait() error { return s.end() }

// end waits for the end of the stream: only there it stands why nothing more can be sent.
func (s *InputSender) end() error {
	for s.ended == nil {
		if _, err := s.stream.Recv(); err != nil {
			s.ended = endOfInput(err)
		}
	}
	return s.ended
}

// endOfInput is what the end of the stream says. Where the connection is gone, the run's own stream says it.
func endOfInput(err error) error {
	if errors.Is(err, io.EOF) || status.Code(err) == codes.Unavailable {
		return ErrInputUnwanted
	}
	return err
}

// Break says that this was not all, and why. The reader is ended then.
func (s *InputSender) Break(why string) error {
	return errors.Join(s.stream.Send(&InputChunk{Broken: why}), s.stream.CloseSend())
}

// Close says that this was all.
func (s *InputSender) Close() error { return s.stream.CloseSend() }
