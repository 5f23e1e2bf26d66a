package agent

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
)

// DefaultPort is where a persistent agent listens.
const DefaultPort = 50051

// Listen opens the port of a persistent agent. Addresses other than loopback are refused: there is no authentication
// yet, and whoever could connect would be the account that runs the agent.
func Listen(ctx context.Context, host string, port int) (net.Listener, error) {
	ip := net.ParseIP(host)
	if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("refuse to listen on %q: an agent without authentication listens on loopback only", host)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("listen on port %d: %w", port, err)
	}
	return listener, nil
}

// ServeTCP serves operators until ctx ends; runs that are under way are then killed.
func (s *Service) ServeTCP(ctx context.Context, listener net.Listener) error {
	server := s.newServer()
	var stopping sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	stopping.Go(func() {
		<-ctx.Done()
		server.Stop()
	})
	err := server.Serve(listener)
	ended := ctx.Err() != nil
	stop()
	stopping.Wait()
	s.receivers.Wait()
	if ended {
		return nil
	}
	return err
}
