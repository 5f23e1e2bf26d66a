package agent

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"sloth-runner/proto"
)

const (
	// keepaliveTime is how long a silent link is believed; keepaliveTimeout is how long an answer may then take.
	keepaliveTime    = 8 * time.Second
	keepaliveTimeout = 5 * time.Second
	// maxRequest bounds a plan.
	maxRequest = 64 << 20
	// window is how much of a plan may be on its way at once. As the operator's it is fixed, so that gRPC sends no pings
	// to find a better one.
	window = 1 << 20
)

// Service is the gRPC service of an agent. One may serve many connections and runs at once.
type Service struct {
	proto.UnimplementedAgentServer
	// Version is this build's, for Hello.
	Version string
	// isDeputy says that another user's agent started this one, from a cache that is not this account's to tend.
	isDeputy bool

	receivers sync.WaitGroup

	mu       sync.Mutex
	sessions map[*session]struct{}
}

// Run executes one plan; see the protocol for what either side sends.
func (s *Service) Run(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	start := first.GetStart()
	if start == nil {
		return status.Error(codes.InvalidArgument, "the first message of a run must be its plan")
	}
	ctx, cancel := context.WithCancelCause(stream.Context())
	defer cancel(nil)
	session := newSession(start, stream.Send, s.Version)
	defer s.track(session)()
	// Recv returns no later than this handler: gRPC ends the stream's context then.
	s.receivers.Go(func() {
		for {
			request, err := stream.Recv()
			if err != nil {
				return
			}
			session.control(request, cancel)
		}
	})
	return session.run(ctx)
}

// track remembers a session until the returned function is called.
func (s *Service) track(run *session) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions == nil {
		s.sessions = map[*session]struct{}{}
	}
	s.sessions[run] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.sessions, run)
	}
}

// killAll ends the processes of sessions that did not end by themselves.
func (s *Service) killAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for session := range s.sessions {
		session.procs.killAll()
	}
}

// newServer returns a gRPC server that serves s and watches its links.
func (s *Service) newServer() *grpc.Server {
	server := grpc.NewServer(
		grpc.WaitForHandlers(true),
		grpc.MaxRecvMsgSize(maxRequest),
		grpc.StaticStreamWindowSize(window), grpc.StaticConnWindowSize(window),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	)
	proto.RegisterAgentServer(server, s)
	return server
}
