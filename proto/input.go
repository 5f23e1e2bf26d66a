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
	// MaxInputChunk is the largest chunk of standard input, in bytes.
	MaxInputChunk = 32 << 10
	// InputWindow is how many chunks may be sent before the host has acknowledged the first. It limits how long other
	// messages to the host wait on a slow connection.
	InputWindow = 16
)

// ErrInputUnwanted says that no process reads the input any more.
var ErrInputUnwanted = errors.New("nothing reads the standard input any more")

// InputSender sends the standard input of a run. It is not safe for concurrent use.
type InputSender struct {
	stream   grpc.BidiStreamingClient[InputChunk, InputTaken]
	inFlight int
	// ended is the error with which the stream ended; nil while it is open.
	ended error
}

// SendInput begins to send the standard input of a run. ctx must end after the run: otherwise the host would not learn
// how the input ended. The caller must end the input with Close or Break.
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

// Write sends a chunk of at most MaxInputChunk bytes, and waits while the window is full. The error is ErrInputUnwanted
// when the host takes no more input.
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

// Wait returns when the host has taken all input. The error is ErrInputUnwanted when the host takes no more, and
// another one when it refused the input.
func (s *InputSender) Wait() error { return s.end() }

// end waits for the end of the stream, which has the host's reason.
func (s *InputSender) end() error {
	for s.ended == nil {
		if _, err := s.stream.Recv(); err != nil {
			s.ended = endOfInput(err)
		}
	}
	return s.ended
}

// endOfInput returns the error for the end of the stream. A lost connection is reported by the stream of the run.
func endOfInput(err error) error {
	if errors.Is(err, io.EOF) || status.Code(err) == codes.Unavailable {
		return ErrInputUnwanted
	}
	return err
}

// Break tells the host that the input is incomplete, and why. The host then kills the task that reads it.
func (s *InputSender) Break(why string) error {
	return errors.Join(s.stream.Send(&InputChunk{Broken: why}), s.stream.CloseSend())
}

// Close tells the host that the input is complete.
func (s *InputSender) Close() error { return s.stream.CloseSend() }
