package testhost

import (
	"fmt"
	"net"
	"slices"
	"sync"

	"google.golang.org/grpc"

	"sloth-runner/proto"
)

// HostileAgent is an agent on loopback that violates the protocol in one way, repeatedly if possible. The mode "good"
// is an honest agent, for comparison. It is a persistent agent without authentication.
type HostileAgent struct {
	Mode     string
	listener net.Listener
	server   *grpc.Server
	running  sync.WaitGroup

	mu     sync.Mutex
	conns  []net.Conn
	closed bool
}

// HostileAgentModes are all modes but "good", sorted.
func HostileAgentModes() []string {
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

// StartHostileAgent starts a hostile agent. It must be closed.
func StartHostileAgent(mode string) (*HostileAgent, error) {
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		return nil, fmt.Errorf("hostile agent: %w", err)
	}
	a := &HostileAgent{Mode: mode, listener: listener}
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
	proto.RegisterAgentServer(a.server, &hostileService{play: play})
	// Serve returns when Close stops the server.
	a.running.Go(func() { _ = a.server.Serve(listener) })
	return a, nil
}

// Addr returns host:port to connect to.
func (a *HostileAgent) Addr() string { return address(portOf(a.listener)) }

// Close ends the agent and its connections.
func (a *HostileAgent) Close() {
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

func (a *HostileAgent) accept(play func(net.Conn)) {
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

type hostileService struct {
	proto.UnimplementedAgentServer
	play func(*hostileRun) error
}

// Run plays the mode for an operator that has sent a plan.
func (s *hostileService) Run(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	return s.play(&hostileRun{stream: stream, start: first.GetStart()})
}
