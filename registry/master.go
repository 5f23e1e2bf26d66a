package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/internal/audit"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/internal/rpc"
	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
	"sloth-runner/trust/entrance"
)

// Master is a service with everything that it needs, in a directory.
type Master struct {
	config   Config
	dir      string
	store    store.Store
	holder   *trust.Holder
	service  *Service
	audit    *audit.Trail
	entrance *entrance.Entrance
	counts   counts
	health   *health.Server
	saving   sync.Mutex

	authority       *trust.Authority
	network, socket net.Listener
	metrics         net.Listener // nil when they are not configured
}

// Open opens the master in a directory, and its ports. The caller must call Serve or Close.
func Open(ctx context.Context, dir string, config Config) (*Master, error) {
	if err := config.Check(); err != nil {
		return nil, err
	}
	m := &Master{config: config.withDefaults(), dir: dir, health: health.NewServer(), entrance: entrance.New(config.Entrance)}
	if err := m.open(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func (m *Master) open(ctx context.Context) (err error) {
	if m.authority, err = trust.LoadAuthority(filepath.Join(m.dir, ownAuthorityDir)); err != nil {
		return m.orUninitialized(err)
	}
	own, err := trust.LoadCredentials(filepath.Join(m.dir, credentialsDir))
	if err != nil {
		return m.orUninitialized(err)
	}
	if m.store, err = openExisting(ctx, m.dir, m.config, m.authority); err != nil {
		return err
	}
	// It may have been down until its certificate expired. With the authority it can renew the certificate itself.
	m.holder = trust.NewHolder(own)
	if time.Now().After(own.RenewAt()) {
		if err := m.renew(ctx); err != nil {
			return err
		}
	}
	if m.audit, err = audit.OpenTrail(m.dir, m.unwritten); err != nil {
		return err
	}
	if err := m.listen(ctx); err != nil {
		return err
	}
	address, err := m.config.reachable(m.Address())
	if err != nil {
		return err
	}
	m.service, err = NewService(ctx, ServiceConfig{
		Store: m.store, Authority: m.authority, Holder: m.holder, Masters: m.config.Masters, Address: address,
		Interval: m.config.Interval, Life: m.config.Life, Audit: m.audit.Done, Refused: m.audit.Refused, Warn: m.warn,
	})
	return err
}

func (m *Master) orUninitialized(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{Err: fmt.Errorf("there is no master in %s", m.dir), Hint: "make one with `sloth-runner master init`"}
	}
	return err
}

// Close releases everything that Open opened. Serve calls it.
func (m *Master) Close() error {
	var errs []error
	for _, listener := range []net.Listener{m.network, m.socket, m.metrics} {
		if listener == nil {
			continue
		}
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if m.store != nil {
		errs = append(errs, m.store.Close())
	}
	if m.audit != nil {
		errs = append(errs, m.audit.Close())
	}
	return errors.Join(errs...)
}

// Address returns the address to which the master listens, host:port.
func (m *Master) Address() string { return m.network.Addr().String() }

// Socket returns the path of the administrator's socket.
func (m *Master) Socket() string { return SocketPath(m.dir) }

// MetricsAddress returns the address for Prometheus, host:port, or "".
func (m *Master) MetricsAddress() string {
	if m.metrics == nil {
		return ""
	}
	return m.metrics.Addr().String()
}

// SocketPath returns the path of the administrator's socket of the master in a directory.
func SocketPath(dir string) string { return filepath.Join(dir, socketFile) }

// Serve serves until ctx ends, and then closes the master. Short calls are answered first; streams are ended.
func (m *Master) Serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	remote := &authz.Authorizer{Rules: Rules(), Holder: m.holder, Refused: m.refused, Admitted: m.admitted, Entrance: m.entrance}
	local := &authz.Authorizer{Rules: Rules(), Holder: m.holder, Local: true, Refused: m.refused, Admitted: m.admitted}
	ends := ends{stop: stop}
	ends.start(ctx, m.server(remote, grpc.Creds(m.entrance.Credentials(m.holder, true))), remote, m.entrance.Listen(m.network))
	ends.start(ctx, m.server(local), local, m.socket)
	ends.run(func() error { m.service.Upkeep(ctx); return nil })
	ends.run(func() error { m.service.Share(ctx); return nil })
	ends.run(func() error { m.tellHealth(ctx); return nil })
	ends.run(func() error { return m.keepRenewed(ctx) })
	ends.run(func() error { m.keepRevocations(ctx); return nil })
	if m.metrics != nil {
		ends.run(func() error { return m.serveMetrics(ctx) })
	}
	err := ends.wait()
	m.service.Wait()
	return errors.Join(err, m.Close())
}

// server returns a gRPC server with an authorizer.
func (m *Master) server(g *authz.Authorizer, options ...grpc.ServerOption) *grpc.Server {
	server := rpc.Server(rpc.Master, append(options, g.ServerOptions()...)...)
	proto.RegisterRegistryServer(server, m.service)
	healthpb.RegisterHealthServer(server, m.health)
	return server
}

// ends are the running parts of a master. When one ends, all are ended.
type ends struct {
	stop    context.CancelFunc
	running sync.WaitGroup
	mu      sync.Mutex
	errs    []error
}

func (e *ends) run(part func() error) {
	e.running.Go(func() {
		defer e.stop()
		if err := part(); err != nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.errs = append(e.errs, err)
		}
	})
}

// start serves until ctx ends.
func (e *ends) start(ctx context.Context, server *grpc.Server, g *authz.Authorizer, listener net.Listener) {
	e.run(func() error {
		err := server.Serve(listener)
		if ctx.Err() != nil {
			err = nil
		}
		return err
	})
	e.run(func() error {
		<-ctx.Done()
		stopServer(server)
		g.Wait()
		return nil
	})
}

func (e *ends) wait() error {
	e.running.Wait()
	return errors.Join(e.errs...)
}

// tellHealth reports to load balancers whether this master can serve.
func (m *Master) tellHealth(ctx context.Context) {
	for {
		well, changed := m.service.WatchHealth()
		status := healthpb.HealthCheckResponse_SERVING
		if !well {
			status = healthpb.HealthCheckResponse_NOT_SERVING
		}
		m.health.SetServingStatus("", status)
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// keepRenewed renews the master's own certificate in time.
func (m *Master) keepRenewed(ctx context.Context) error {
	// The clock is read regularly: it may be set, and it goes on while the machine sleeps and its timers stop.
	for pause.For(ctx, max(renewLook/60, min(renewLook, m.holder.Current().RenewAt().Sub(m.holder.Now())))) {
		if m.holder.Now().Before(m.holder.Current().RenewAt()) {
			continue
		}
		if err := m.renew(ctx); err != nil && ctx.Err() == nil {
			// The old certificate is valid long enough for the store to be unavailable for a while.
			m.warn(err)
			pause.For(ctx, renewLook)
		}
	}
	return nil
}

// renewLook is the interval for checking whether to renew the master's certificate, and the pause after a failure.
const renewLook = time.Minute

func (m *Master) warn(err error) {
	if m.config.Warn != nil {
		m.config.Warn(err)
	}
}

func (m *Master) renew(ctx context.Context) error {
	renewed, err := certify(ctx, m.store, m.authority, m.holder.Current(), m.config.Life, time.Now())
	if err != nil {
		return fmt.Errorf("renew the master's certificate: %w", err)
	}
	m.holder.Renew(renewed.Cert)
	return m.save()
}

// keepRevocations keeps the newest list beside the registry. The registry may be restored from a backup without some of
// them.
func (m *Master) keepRevocations(ctx context.Context) {
	for {
		_, changed := m.holder.Watch()
		if err := m.save(); err != nil {
			m.warn(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// save writes the holder's credentials. The lock prevents writing an older value after a newer one.
func (m *Master) save() error {
	m.saving.Lock()
	defer m.saving.Unlock()
	return m.holder.Current().Save(filepath.Join(m.dir, credentialsDir))
}

// unwritten counts a line that could not be written to the audit log. A master with a full disk continues to serve,
// because its users could not free space otherwise.
func (m *Master) unwritten(err error) {
	m.counts.unwritten.Add(1)
	m.warn(err)
}
