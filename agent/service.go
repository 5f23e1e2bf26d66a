package agent

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
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
	// stop asks the process to end, after so long at the most; nil: it ends with its connection.
	stop func(grace time.Duration)
	// managed says what starts the process again, and how it is stopped for good; nil: nothing does that is known.
	managed func() (service, stopCommand string)
	// certify gives the agent another certificate; nil: it has none of its own to change.
	certify func(ctx context.Context, certificate []byte) (request []byte, err error)
	// ran is told of each run when it has ended, with the context of its caller; nil: nobody is.
	ran func(ctx context.Context, start *proto.Start, result string)

	admission admission
	// calls are those of tasks into the system that were abandoned.
	calls     abandon.Calls
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
	leave, err := s.admission.enter(cancel)
	if err != nil {
		return authz.Status(codes.ResourceExhausted, err)
	}
	defer leave()
	session := newSession(start, stream.Send, s.Version, abandon.NewCaller(&s.calls))
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
	err = session.run(ctx)
	if s.ran != nil {
		s.ran(stream.Context(), start, session.result(ctx, err))
	}
	return err
}

// Stop lets no more runs begin, and asks the process to end.
func (s *Service) Stop(ctx context.Context, request *proto.StopRequest) (*proto.StopResponse, error) {
	if s.stop == nil {
		return nil, status.Error(codes.FailedPrecondition, "this agent ends with its connection")
	}
	runs := s.admission.close()
	if s.ran != nil {
		s.ran(ctx, nil, "done")
	}
	grace := defaultGrace
	if request.GetGrace() != nil {
		grace = max(0, request.GetGrace().AsDuration())
	}
	answer := &proto.StopResponse{Runs: uint32(runs)}
	if s.managed != nil {
		answer.Service, answer.StopCommand = s.managed()
	}
	s.stop(grace)
	return answer, nil
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
func (s *Service) newServer(options ...grpc.ServerOption) *grpc.Server {
	server := grpc.NewServer(append(options,
		grpc.WaitForHandlers(true),
		grpc.MaxRecvMsgSize(maxRequest),
		grpc.StaticStreamWindowSize(window), grpc.StaticConnWindowSize(window),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	)...)
	proto.RegisterAgentServer(server, s)
	return server
}
