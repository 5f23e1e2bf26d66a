package agent

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/rpc"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// DefaultGrace is how long runs may go on that are under way when an agent is asked to stop.
const DefaultGrace = 60 * time.Second

// Service is the gRPC service of an agent. One may serve many connections and runs at once.
type Service struct {
	proto.UnimplementedAgentServer
	// Version is this build's, for Hello.
	Version string
	// Children makes what runs the tasks of a session that run as other users (package become); nil: such tasks fail.
	Children func(Parent) Children
	// Setup makes a persistent agent of this host, or changes it (package setup); nil: such tasks fail.
	Setup func(ctx context.Context, step *proto.Setup, version string) (*proto.SetupReport, error)
	// IsChild says that another user's agent started this one, from a cache that is not this account's to tend.
	IsChild bool

	// What follows is for persistent agents, and does not change once the service serves.

	// MaxRuns bounds runs at the same time; 0: nothing does.
	MaxRuns int
	// Quit asks the process to end, after so long at the most; nil: it ends with its connection.
	Quit func(grace time.Duration)
	// Manager says what starts the process again, and how it is stopped for good; nil: nothing does that is known.
	Manager func() (service, stopCommand string)
	// UseCertificate gives the agent another certificate; nil: it has none of its own to change.
	UseCertificate func(ctx context.Context, certificate []byte) (request []byte, err error)
	// Ended is called when a run has ended, with the context of its caller, and with a nil start when the agent was asked to
	// stop; nil: it is not.
	Ended func(ctx context.Context, start *proto.Start, result string)
	// Changed is called when another run has begun or ended; nil: it is not.
	Changed func()

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
	leave, err := s.admission.enter(s.MaxRuns, cancel)
	if err != nil {
		return authz.Status(codes.ResourceExhausted, err)
	}
	s.changed()
	defer s.changed()
	defer leave()
	session := newSession(s, start, stream.Send)
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
	if s.Ended != nil {
		s.Ended(stream.Context(), start, session.result(ctx, err))
	}
	return err
}

// Stop lets no more runs begin, and asks the process to end.
func (s *Service) Stop(ctx context.Context, request *proto.StopRequest) (*proto.StopResponse, error) {
	if s.Quit == nil {
		return nil, status.Error(codes.FailedPrecondition, "this agent ends with its connection")
	}
	runs := s.admission.close()
	if s.Ended != nil {
		s.Ended(ctx, nil, ResultDone)
	}
	grace := DefaultGrace
	if request.GetGrace() != nil {
		grace = max(0, request.GetGrace().AsDuration())
	}
	answer := &proto.StopResponse{Runs: uint32(runs)}
	if s.Manager != nil {
		answer.Service, answer.StopCommand = s.Manager()
	}
	s.Quit(grace)
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

// Runs is how many runs are under way.
func (s *Service) Runs() int { return s.admission.underWay() }

// AbandonedCalls is how many calls of tasks into the system were abandoned and have not come back.
func (s *Service) AbandonedCalls() int { return s.calls.Abandoned() }

// OnAbandonedCall has f called whenever AbandonedCalls changes.
func (s *Service) OnAbandonedCall(f func()) { s.calls.OnChange(f) }

// Drain lets no more runs begin, and returns when those under way have ended. It cancels them after grace, or when ctx ends.
func (s *Service) Drain(ctx context.Context, grace time.Duration) { s.admission.drain(ctx, grace) }

// Wait waits for the receivers of runs whose handlers have returned. It is called when the server is stopped.
func (s *Service) Wait() { s.receivers.Wait() }

func (s *Service) changed() {
	if s.Changed != nil {
		s.Changed()
	}
}

// NewServer returns a gRPC server that serves s and watches its links.
func (s *Service) NewServer(options ...grpc.ServerOption) *grpc.Server {
	server := rpc.Server(rpc.Agent, options...)
	proto.RegisterAgentServer(server, s)
	return server
}
