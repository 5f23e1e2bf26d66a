package registry

import (
	"context"
	"crypto/x509"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"sloth-runner/internal/audit"
	"sloth-runner/proto"
	"sloth-runner/registry/cluster"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

const (
	// DefaultInterval is the interval of agents' reports.
	DefaultInterval = 5 * time.Second
	// DefaultGoneAfter is how long an agent may be silent before it is gone.
	DefaultGoneAfter = 10 * time.Minute
	// seenEvery is how old the stored time of an agent's last report may be.
	seenEvery = 5 * time.Minute
)

// ServiceConfig has what a Service needs. Store, Authority and Holder are required.
type ServiceConfig struct {
	Store     store.Store
	Authority *trust.Authority
	// Holder has the master's own credentials, and the revocations.
	Holder *trust.Holder
	// Masters are the addresses of all masters for agents and operators. When it is empty and the store is shared, they
	// are the addresses that the masters have written.
	Masters []string
	// Address is this master's address for other masters, host:port.
	Address string
	// Interval is the interval of agents' reports; 0 stands for DefaultInterval.
	Interval time.Duration
	// GoneAfter is how long an agent may be silent; 0 stands for DefaultGoneAfter.
	GoneAfter time.Duration
	// Life is how long certificates are valid; 0 stands for trust.DefaultLife.
	Life time.Duration
	// Now is the clock; nil stands for time.Now. Elapsed is how long the service has run, whatever the clock is set to;
	// nil: it is measured.
	Now     func() time.Time
	Elapsed func() time.Duration
	// Audit, if set, is called for each change, and Refused for each refusal, from any goroutine.
	Audit, Refused func(audit.Entry)
	// Warn, if set, is called with errors in spite of which the service goes on, from any goroutine.
	Warn func(error)
}

// Service is the gRPC service of a master. Its methods need an authz.Authorizer, which identifies the caller.
type Service struct {
	proto.UnimplementedRegistryServer
	config   ServiceConfig
	roster   *roster
	calls    *switchboard
	cluster  *cluster.Cluster
	suspects *suspects

	revoking sync.Mutex
	began    time.Time
	// receivers are the goroutines that read from streams. They end when gRPC ends the streams.
	receivers sync.WaitGroup
}

// NewService makes a service from the data in the store.
func NewService(ctx context.Context, config ServiceConfig) (*Service, error) {
	if config.Interval <= 0 {
		config.Interval = DefaultInterval
	}
	if config.GoneAfter <= 0 {
		config.GoneAfter = DefaultGoneAfter
	}
	if config.Life <= 0 {
		config.Life = trust.DefaultLife
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Elapsed == nil {
		started := time.Now()
		config.Elapsed = func() time.Duration { return time.Since(started) }
	}
	if config.Warn == nil {
		config.Warn = func(error) {}
	}
	s := &Service{config: config, roster: newRoster(config), calls: newSwitchboard(), suspects: newSuspects(), began: config.Now()}
	if _, shared := config.Store.(store.Shared); shared {
		s.roster.share()
	}
	s.cluster = cluster.New(cluster.Config{
		Store: config.Store, Holder: config.Holder, Agents: s.roster, Changed: s.suspects.changed,
		Address: config.Address, Masters: config.Masters, Now: config.Now, Warn: config.Warn,
	})
	return s, s.publish(ctx)
}

// Share exchanges changes with the masters of a shared store until ctx ends. Otherwise it only waits.
func (s *Service) Share(ctx context.Context) { s.cluster.Run(ctx) }

// WatchHealth reports whether the service can serve, which it can't while it is fenced. It returns a channel that is
// closed when that changes.
func (s *Service) WatchHealth() (well bool, changed <-chan struct{}) { return s.cluster.Health() }

// Wait returns when all goroutines of the service have ended. It is called after its server was stopped.
func (s *Service) Wait() { s.receivers.Wait() }

// view reads single keys without a transaction.
func (s *Service) view(ctx context.Context, look func(store.Tx) error) error {
	return look(store.Reading(ctx, s.config.Store))
}

// update changes the store.
func (s *Service) update(ctx context.Context, change func(store.Tx) error) error {
	return s.config.Store.Update(ctx, change)
}

// issue signs a certificate and records it, as part of an update: an unrecorded certificate is never returned.
func (s *Service) issue(tx store.Tx, request []byte, id trust.Identity, line uint64) (*x509.Certificate, error) {
	now, err := s.issueTime(id)
	if err != nil {
		return nil, err
	}
	cert, err := s.config.Authority.Issue(request, id, s.config.Life, now)
	if err != nil {
		return nil, badRequest(err)
	}
	return cert, record(tx, id, cert, line, now)
}

// issueTime returns the time of issue: now, or later when a certificate of now would be revoked already, because the
// clock of another master, or of an earlier time, was ahead.
func (s *Service) issueTime(id trust.Identity) (time.Time, error) {
	now := s.config.Now()
	for _, c := range s.config.Holder.Current().Revocations.Cutoffs() {
		ahead := c.Before.Sub(now)
		switch {
		case c.Identity != id && c.Identity != (trust.Identity{}) || ahead <= 0:
		case ahead > trust.Skew:
			return now, refuse(codes.FailedPrecondition, "check the clock of the master's machine",
				"%s was revoked at %s, and by the master's clock it is only %s: a certificate of now would be revoked", id, stamp(c.Before), stamp(now))
		default:
			return c.Before, nil
		}
	}
	return now, nil
}
