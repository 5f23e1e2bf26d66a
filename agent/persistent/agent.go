package persistent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/agent"
	"sloth-runner/internal/audit"
	"sloth-runner/internal/rpc"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
	"sloth-runner/trust/entrance"
)

// Agent is an agent that runs before and between runs. It serves operators of its authority over TLS, and stays attached
// to its masters, if it has any. Its fields must not change after Serve was called.
type Agent struct {
	// Service runs the tasks. Serve sets its fields that are for persistent agents.
	Service *agent.Service
	Config  Config
	// Holder has the agent's credentials; nil: it serves all who connect, which is allowed only on loopback.
	Holder *trust.Holder
	// Dir is where renewed credentials and the announcements of masters are kept.
	Dir string
	// Entrance limits the cost of callers that have not shown a valid certificate.
	Entrance entrance.Limits
	// Audit records runs and refused callers; nil: nothing is recorded.
	Audit *audit.Trail
	// Managed returns the service manager that restarts the process, and the command that stops it permanently; nil:
	// none is known.
	Managed func() (service, stopCommand string)
	// Tell gets messages for the administrator, one line each, from any goroutine.
	Tell func(string)

	masters  *client.Masters
	calls    *callListener
	noted    *attachmentNote // nil: operators connect to the agent, and no note is needed
	entrance *entrance.Entrance
	counts   counts
	changed  chan struct{} // has room for one: the number of runs changed

	// keeping is held while credentials or announcements of masters are written to Dir.
	keeping sync.Mutex

	stopping sync.Once
	stopped  chan time.Duration // has room for one: how long runs may go on
}

// ListenAndServe opens the agent's port, unless operators come through its master, and serves. ready is called once,
// with the address.
func (p *Agent) ListenAndServe(ctx context.Context, ready func(string)) error {
	if p.Config.DialOut {
		ready("waits for calls through its master")
		return p.Serve(ctx, nil)
	}
	listener, err := Listen(ctx, p.Config.Listen, p.Holder != nil)
	if err != nil {
		return err
	}
	// The system may have chosen the port.
	p.Config.Listen = listener.Addr().String()
	ready("listens on " + p.Config.Listen)
	return p.Serve(ctx, listener)
}

// Serve serves until ctx ends or an operator stops the agent. Active runs may then continue for a limited time.
func (p *Agent) Serve(ctx context.Context, listener net.Listener) error {
	p.prepare()
	g := p.authorizer()
	server := p.Service.NewServer(rpc.Listener, p.serverOptions(g)...)
	status := health.NewServer()
	healthpb.RegisterHealthServer(server, status)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	p.belong(ctx, &running)
	if p.Config.Metrics != "" {
		running.Go(func() { p.warn("serve metrics", p.serveMetrics(ctx, p.Config.Metrics)) })
	}
	serving := make(chan error, 2)
	listeners := p.listeners(listener)
	for _, l := range listeners {
		running.Go(func() { serving <- server.Serve(l) })
	}
	err := p.wait(ctx, serving)
	status.Shutdown()
	stopServer(server)
	cancel()
	running.Wait()
	if g != nil {
		g.Wait()
	}
	p.Service.Wait()
	return errors.Join(err, p.close())
}

// closeTimeout limits how long the answers of the last calls may take to be sent.
const closeTimeout = time.Second

// stopServer lets calls end that are nearly done, such as the one that asked the agent to stop.
func stopServer(server *grpc.Server) {
	timer := time.AfterFunc(closeTimeout, server.Stop)
	defer timer.Stop()
	server.GracefulStop()
	server.Stop()
}

func (p *Agent) prepare() {
	p.changed, p.stopped = make(chan struct{}, 1), make(chan time.Duration, 1)
	p.entrance = entrance.New(p.Entrance)
	limit := p.Config.MaxRuns
	if limit == 0 {
		limit = DefaultMaxRuns
	}
	p.Service.MaxRuns, p.Service.Changed = limit, p.change
	p.Service.Quit, p.Service.Ended, p.Service.Manager = p.Stop, p.ran, p.Managed
	if p.Holder != nil {
		p.Service.UseCertificate = p.certify
	}
	p.Service.OnAbandonedCall(p.abandoned)
}

// Stop makes Serve return after the active runs have ended, and after grace at the latest.
func (p *Agent) Stop(grace time.Duration) {
	p.stopping.Do(func() { p.stopped <- grace })
}

func (p *Agent) change() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// abandoned reports that another system call was abandoned, or that one has returned.
func (p *Agent) abandoned() {
	p.Tell(fmt.Sprintf("%d abandoned calls of tasks wait in the system", p.Service.AbandonedCalls()))
	p.change()
}

func (p *Agent) authorizer() *authz.Authorizer {
	if p.Holder == nil {
		return nil
	}
	return &authz.Authorizer{Rules: rules(), Holder: p.Holder, Refused: p.refused, Entrance: p.entrance}
}

func (p *Agent) serverOptions(g *authz.Authorizer) []grpc.ServerOption {
	if g == nil {
		return nil
	}
	return append(g.ServerOptions(), grpc.Creds(p.entrance.Credentials(p.Holder, false)))
}

// listeners returns the listeners for operators.
func (p *Agent) listeners(listener net.Listener) []net.Listener {
	var all []net.Listener
	switch {
	case listener == nil:
	case p.Holder == nil: // all users of this machine may connect
		all = append(all, listener)
	default:
		all = append(all, p.entrance.Listen(listener))
	}
	if p.Config.DialOut {
		all = append(all, p.calls)
	}
	return all
}

// wait returns when the agent has to end and its runs have ended.
func (p *Agent) wait(ctx context.Context, serving <-chan error) error {
	grace := agent.DefaultGrace
	select {
	case err := <-serving:
		return fmt.Errorf("serve: %w", err)
	case grace = <-p.stopped:
	case <-ctx.Done():
	}
	if runs := p.Service.Runs(); runs > 0 {
		p.Tell(fmt.Sprintf("stops when %d runs have ended, or in %s", runs, grace))
	}
	p.Service.Drain(context.WithoutCancel(ctx), grace)
	return nil
}

func (p *Agent) close() error {
	if p.masters != nil {
		p.masters.Close()
	}
	if p.noted != nil {
		p.warn("note that it is attached", p.noted.close())
	}
	if p.Audit != nil {
		return p.Audit.Close()
	}
	return nil
}
