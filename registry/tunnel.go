package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

const (
	// answerWithin limits how long an agent may take to answer a call.
	answerWithin = 15 * time.Second
	// idleAfter is the time after which an idle tunnel ends. Both ends send pings more often.
	idleAfter = 2 * time.Minute
)

type tunnelStream = grpc.BidiStreamingServer[proto.TunnelPart, proto.TunnelPart]

// Tunnel implements Registry.Tunnel.
func (s *Service) Tunnel(stream tunnelStream) error {
	ctx, caller := stream.Context(), authz.Caller(stream.Context())
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	if caller.Role == trust.Agent {
		if err := s.takeCall(ctx, stream, caller.Name, first.GetCall()); err != nil {
			return s.done(ctx, "Tunnel", "as "+caller.String(), err)
		}
		return nil
	}
	what := "agent " + printable(first.GetAgent())
	if first.GetCaller() != "" {
		what += ", for " + printable(first.GetCaller())
	}
	// A forwarded call is not forwarded again: masters may learn at different times that an agent has moved.
	if master := s.roster.masterOf(first.GetAgent()); master != "" && caller.Role != trust.Master && !s.roster.isAttached(first.GetAgent()) {
		return s.relay(ctx, stream, first.GetAgent(), master)
	}
	call, end, err := s.callAgent(ctx, first.GetAgent())
	if err := s.done(ctx, "Tunnel", what, err); err != nil {
		return err
	}
	defer close(call.over)
	greeting := &proto.TunnelPart{}
	if err := errors.Join(end.Send(greeting), stream.Send(greeting)); err != nil {
		return answer(refuse(codes.Unavailable, "", "the tunnel broke when it began: %w", err))
	}
	return answer(s.splice(ctx, stream, end))
}

// takeCall handles the agent's end: the operator's handler uses the stream until the operator has left.
func (s *Service) takeCall(ctx context.Context, stream tunnelStream, name, number string) error {
	call, err := s.calls.take(number, name, stream)
	if err != nil {
		return err
	}
	select {
	case <-call.over:
	case <-ctx.Done():
	}
	return nil
}

// callAgent returns the agent's end of a call.
func (s *Service) callAgent(ctx context.Context, name string) (*call, tunnelStream, error) {
	switch attached, dialsOut := s.roster.dialsOut(name); {
	case !attached:
		return nil, nil, refuse(codes.Unavailable, "`sloth-runner agent list` shows when it was last seen", "agent %s is not attached to this master", printable(name))
	case !dialsOut:
		return nil, nil, refuse(codes.FailedPrecondition, "connect to its address, or start it with --dial-out", "agent %s takes no calls through its master", name)
	}
	c, err := s.calls.wait(name)
	if err != nil {
		return nil, nil, err
	}
	defer s.calls.giveUp(c)
	if !s.roster.notify(name, &proto.MasterNote{Call: c.number}) {
		return nil, nil, refuse(codes.Unavailable, "", "agent %s can't be informed of the call", name)
	}
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case end := <-c.taken:
		return c, end, nil
	case <-timer.C:
		err = refuse(codes.Unavailable, "it may be cut off: `sloth-runner agent list` shows when it was last seen", "agent %s was called and has not answered in %s", name, answerWithin)
	case <-ctx.Done():
		err = ctx.Err()
	}
	s.calls.giveUp(c)
	select { // it arrived at the last moment
	case <-c.taken:
		close(c.over)
	default:
	}
	return nil, nil, err
}

// partStream is either end of a tunnel.
type partStream interface {
	Context() context.Context
	Send(*proto.TunnelPart) error
	Recv() (*proto.TunnelPart, error)
}

// splice forwards parts in both directions until both have ended, one is broken, or the tunnel is idle. Each direction
// holds one part: a sender waits until the other end has taken it.
func (s *Service) splice(ctx context.Context, operator, agent partStream) error {
	passed := make(chan struct{}, 1)
	ended := make(chan error, 2)
	// These goroutines end when gRPC ends the streams, after the handlers of both have returned.
	s.receivers.Go(func() { ended <- pass(operator, agent, passed) })
	s.receivers.Go(func() { ended <- pass(agent, operator, passed) })
	idle := time.NewTimer(idleAfter)
	defer idle.Stop()
	for left := 2; left > 0; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-agent.Context().Done():
			return refuse(codes.Unavailable, "", "the agent's side of the tunnel has ended")
		case err := <-ended:
			if err != nil {
				return refuse(codes.Unavailable, "", "the tunnel broke: %w", err)
			}
			left--
		case <-passed:
			idle.Reset(idleAfter)
		case <-idle.C:
			return refuse(codes.DeadlineExceeded, "", "nothing went through the tunnel for %s", idleAfter)
		}
	}
	return nil
}

// pass forwards one direction of a tunnel.
func pass(from, to partStream, passed chan<- struct{}) error {
	for {
		part, err := from.Recv()
		switch {
		case errors.Is(err, io.EOF):
			part = &proto.TunnelPart{End: true}
		case err != nil:
			return fmt.Errorf("read: %w", err)
		}
		// Only the fields of the protocol are forwarded.
		if err := to.Send(&proto.TunnelPart{Data: part.GetData(), End: part.GetEnd()}); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		select {
		case passed <- struct{}{}:
		default:
		}
		if part.GetEnd() {
			return nil
		}
	}
}
