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

// DefaultGrace is how long active runs may continue when an agent is asked to stop.
const DefaultGrace = 60 * time.Second

// Service is the gRPC service of an agent. It may serve many connections and runs concurrently.
type Service struct {
	proto.UnimplementedAgentServer
	// Version is the version of this build, for Hello.
	Version string
	// Children returns the Children of a session (package become); nil: tasks of other users fail.
	Children func(Parent) Children
	// Setup installs, changes or removes the persistent agent of this host (package setup); nil: such tasks fail.
	Setup func(ctx context.Context, step *proto.Setup, version string) (*proto.SetupReport, error)
	// IsChild says that this is a child agent. It leaves the cache alone, which belongs to another account.
	IsChild bool

	// The following fields are for persistent agents. They must not change while the service serves.

	// MaxRuns limits concurrent runs; 0: no limit.
	MaxRuns int
	// Quit asks the process to end, after grace at the latest; nil: the process ends with its connection.
	Quit func(grace time.Duration)
	// Manager returns the service manager that restarts the process, and the command that stops it permanently; nil:
	// none is known.
	Manager func() (service, stopCommand string)
	// UseCertificate replaces the agent's certificate; nil: the agent has none of its own.
	UseCertificate func(ctx context.Context, certificate []byte) (request []byte, err error)
	// Ended is called when a run has ended, with the context of its caller. When the agent was asked to stop, it is
	// called with a nil start. It may be nil.
	Ended func(ctx context.Context, start *proto.Start, result string)
	// Changed is called when a run has begun or ended. It may be nil.
	Changed func()

	admission admission
	// calls are the abandoned system calls of tasks.
	calls     abandon.Calls
	receivers sync.WaitGroup

	mu       sync.Mutex
	sessions map[*session]struct{}
}

// Run executes one plan; see the protocol for the messages of both sides.
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
	// Recv returns at the latest when this handler does, because gRPC then ends the stream's context.
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
		s.Ended(stream.Context(), start, session.result(err))
	}
	return err
}

// Stop admits no more runs, and asks the process to end.
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

// track records a session until the returned function is called.
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

// killAll kills the processes of sessions that did not end by themselves.
func (s *Service) killAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for session := range s.sessions {
		session.procs.KillAll()
	}
}

// Runs returns how many runs are active.
func (s *Service) Runs() int { return s.admission.underWay() }

// AbandonedCalls returns how many system calls of tasks were abandoned and have not returned.
func (s *Service) AbandonedCalls() int { return s.calls.Abandoned() }

// OnAbandonedCall calls f whenever AbandonedCalls changes.
func (s *Service) OnAbandonedCall(f func()) { s.calls.OnChange(f) }

// Drain admits no more runs, and returns when the active ones have ended. It cancels them after grace, or when ctx ends.
func (s *Service) Drain(ctx context.Context, grace time.Duration) { s.admission.drain(ctx, grace) }

// Wait waits for the receivers of runs whose handlers have returned. Call it after the server has stopped.
func (s *Service) Wait() { s.receivers.Wait() }

func (s *Service) changed() {
	if s.Changed != nil {
		s.Changed()
	}
}

// NewServer returns a gRPC server that serves s, with the limits of an end, rpc.Agent or rpc.Listener.
func (s *Service) NewServer(end rpc.End, options ...grpc.ServerOption) *grpc.Server {
	server := rpc.Server(end, options...)
	proto.RegisterAgentServer(server, s)
	return server
}
