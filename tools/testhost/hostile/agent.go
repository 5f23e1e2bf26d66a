package hostile

import (
	"fmt"
	"net"
	"slices"
	"sync"

	"google.golang.org/grpc"

	"sloth-runner/proto"
)

// Agent is an agent on loopback that violates the protocol in one way, repeatedly if possible. The mode "good"
// is an honest agent, for comparison. It is a persistent agent without authentication.
type Agent struct {
	Mode     string
	listener net.Listener
	server   *grpc.Server
	running  sync.WaitGroup

	mu     sync.Mutex
	conns  []net.Conn
	closed bool
}

// AgentModes are all modes but "good", sorted.
func AgentModes() []string {
	var modes []string
	for mode := range eventModes {
		if mode != "good" {
			modes = append(modes, mode)
		}
	}
	for mode := range wireModes {
		modes = append(modes, mode)
	}
	slices.Sort(modes)
	return modes
}

// StartAgent starts a hostile agent. It must be closed.
func StartAgent(mode string) (*Agent, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("hostile agent: %w", err)
	}
	a := &Agent{Mode: mode, listener: listener}
	if play := wireModes[mode]; play != nil {
		a.running.Go(func() { a.accept(play) })
		return a, nil
	}
	play := eventModes[mode]
	if play == nil {
		_ = listener.Close()
		return nil, fmt.Errorf("hostile agent: there is no mode %q", mode)
	}
	a.server = grpc.NewServer(grpc.MaxRecvMsgSize(64<<20), grpc.MaxSendMsgSize(256<<20))
	proto.RegisterAgentServer(a.server, &service{play: play})
	// Serve returns when Close stops the server.
	a.running.Go(func() { _ = a.server.Serve(listener) })
	return a, nil
}

// Addr returns host:port to connect to.
func (a *Agent) Addr() string { return a.listener.Addr().String() }

// Close ends the agent and its connections.
func (a *Agent) Close() {
	if a.server != nil {
		a.server.Stop()
	}
	_ = a.listener.Close()
	a.mu.Lock()
	a.closed = true
	for _, conn := range a.conns {
		_ = conn.Close()
	}
	a.mu.Unlock()
	a.running.Wait()
}

func (a *Agent) accept(play func(net.Conn)) {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return // Close closed it
		}
		a.mu.Lock()
		a.conns = append(a.conns, conn)
		if a.closed {
			_ = conn.Close()
		}
		a.mu.Unlock()
		a.running.Go(func() {
			defer conn.Close()
			play(conn)
		})
	}
}

type service struct {
	proto.UnimplementedAgentServer
	play func(*run) error
}

// Run plays the mode for an operator that has sent a plan.
func (s *service) Run(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	return s.play(&run{stream: stream, start: first.GetStart()})
}
