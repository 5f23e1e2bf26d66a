package authz

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"sloth-runner/internal/fault"
	"sloth-runner/trust"
)

// Authorizer checks the calls of a server. Its fields must not change while the server runs.
type Authorizer struct {
	Rules Rules
	// Holder has the credentials of the server.
	Holder *trust.Holder
	// Local says that every caller comes through a socket that only the administrator can reach.
	Local bool
	// Refused, if set, is called for each refusal, from any goroutine.
	Refused func(Refusal)
	// Entrance, if set, gets the results of calls from the network.
	Entrance Entrance
	// Admitted, if set, is called for each authorized call, from any goroutine.
	Admitted func(Call, string)

	handlers sync.WaitGroup
}

// Entrance limits the connections of callers; see package entrance. Addresses are host:port.
type Entrance interface {
	Answered(address string)
	Refused(address string)
}

// Refusal is a call that was refused, or a stream that was ended.
type Refusal struct {
	Call
	// Method is the name that gRPC uses.
	Method string
	Err    error
}

// ServerOptions returns the options with which a server checks its calls.
func (g *Authorizer) ServerOptions() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(g.unary), grpc.ChainStreamInterceptor(g.stream)}
}

// Wait returns when all handlers of streams have ended. It is called after the server was stopped.
func (g *Authorizer) Wait() { g.handlers.Wait() }

func (g *Authorizer) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	call, err := g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, g.refuse(call, info.FullMethod, err)
	}
	g.admitted(call, info.FullMethod)
	answer, err := handler(context.WithValue(ctx, callKey{}, call), request)
	g.report(call, err)
	return answer, err
}

// stream runs the handler in another goroutine. gRPC ends a stream when its interceptor returns; a handler that waits
// for a message can't be woken otherwise.
func (g *Authorizer) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	changed := g.changed()
	call, err := g.admit(stream.Context(), info.FullMethod)
	if err != nil {
		return g.refuse(call, info.FullMethod, err)
	}
	g.admitted(call, info.FullMethod)
	ctx, cancel := context.WithCancelCause(context.WithValue(stream.Context(), callKey{}, call))
	defer cancel(nil)
	done := make(chan error, 1)
	g.handlers.Go(func() { done <- handler(service, &callerStream{ServerStream: stream, ctx: ctx}) })
	err, ended := g.watch(stream.Context(), call, changed, done)
	if !ended {
		g.report(call, err)
		return err
	}
	cancel(err)
	return g.refuse(call, info.FullMethod, err)
}

// watch returns the handler's error, or the reason when the caller is not authorized any more.
func (g *Authorizer) watch(ctx context.Context, call Call, changed <-chan struct{}, done <-chan error) (err error, ended bool) {
	timer := time.NewTimer(g.untilEnd(call))
	defer timer.Stop()
	for {
		select {
		case err := <-done:
			return err, false
		case <-timer.C:
		case <-changed:
			changed = g.changed()
		}
		if _, err := g.identify(ctx); err != nil {
			return &fault.Error{Stage: fault.Authenticate, Err: err, Hint: fault.Hint(err)}, true
		}
		timer.Reset(g.untilEnd(call))
	}
}

// checkInterval is the longest time between two checks of a caller, because the clock may be set.
const checkInterval = time.Minute

// untilEnd returns the time until the next check of the caller. Its certificate may have expired then.
func (g *Authorizer) untilEnd(call Call) time.Duration {
	if call.Cert == nil || g.Holder == nil {
		return trust.MaxLife
	}
	return min(checkInterval, max(call.Cert.NotAfter.Sub(g.Holder.Now()), 100*time.Millisecond))
}

// changed returns a channel that is closed when the credentials are replaced.
func (g *Authorizer) changed() <-chan struct{} {
	if g.Local {
		return nil
	}
	_, changed := g.Holder.Watch()
	return changed
}

func (g *Authorizer) refuse(call Call, method string, err error) error {
	if g.Refused != nil {
		g.Refused(Refusal{Call: call, Method: method, Err: err})
	}
	if g.Entrance != nil {
		g.Entrance.Refused(call.Address)
	}
	code := codes.PermissionDenied
	var known *fault.Error
	if errors.As(err, &known) && known.Stage == fault.Authenticate {
		code = codes.Unauthenticated
	}
	if g.Holder != nil && call.Role == trust.Agent && trust.IsRevoked(err) {
		return withRevocations(Status(code, err), g.Holder.Current().Revocations)
	}
	return Status(code, err)
}

func (g *Authorizer) admitted(call Call, method string) {
	if g.Admitted != nil {
		g.Admitted(call, method)
	}
}

// report reports the result of an unauthenticated caller's call to the entrance.
func (g *Authorizer) report(call Call, err error) {
	switch {
	case g.Entrance == nil || call.Role != "":
	case err == nil:
		g.Entrance.Answered(call.Address)
	default:
		g.Entrance.Refused(call.Address)
	}
}

// callerStream is a stream whose context has the caller.
type callerStream struct {
	grpc.ServerStream
	ctx context.Context
}

// Context returns the context that Caller reads. It ends when the caller is not authorized any more.
func (s *callerStream) Context() context.Context { return s.ctx }
