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
	// DefaultInterval is how often agents report.
	DefaultInterval = 5 * time.Second
	// DefaultGoneAfter is how long an agent may be silent before nobody expects it any more.
	DefaultGoneAfter = 10 * time.Minute
	// seenEvery is how old the written time may be at which an agent was last seen.
	seenEvery = 5 * time.Minute
)

// ServiceConfig is what a Service is made of. Store, Authority and Holder are needed.
type ServiceConfig struct {
	Store     store.Store
	Authority *trust.Authority
	// Holder has the master's own credentials, and the revocations.
	Holder *trust.Holder
	// Masters are the addresses of all masters, as agents and operators are told. None, with a store that is shared: those
	// that the masters have said of themselves.
	Masters []string
	// Address is where other masters reach this one, host:port.
	Address string
	// Interval is how often agents report; 0: DefaultInterval.
	Interval time.Duration
	// GoneAfter is how long an agent may be silent; 0: DefaultGoneAfter.
	GoneAfter time.Duration
	// Life is that of the certificates; 0: trust.DefaultLife.
	Life time.Duration
	// Now is the clock; nil: time.Now. Elapsed is how long the service runs, which no change of the clock changes; nil: it
	// is measured.
	Now     func() time.Time
	Elapsed func() time.Duration
	// Audit takes each change, and Refused each refusal, from any goroutine; nil: they are not written down.
	Audit, Refused func(audit.Entry)
	// Warn is told what went wrong that the service goes on without, from any goroutine; nil: nobody is.
	Warn func(error)
}

// Service is the gRPC service of a master. Its methods rely on a guard to say who calls.
type Service struct {
	proto.UnimplementedRegistryServer
	config   ServiceConfig
	roster   *roster
	calls    *switchboard
	cluster  *cluster.Cluster
	suspects *suspects

	revoking sync.Mutex
	began    time.Time
	// receivers are the goroutines that read streams. They end when gRPC ends the streams.
	receivers sync.WaitGroup
}

// NewService makes a service of what the store knows.
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

// Share takes part in what masters with the same store tell each other, until ctx ends; with a store of its own there is
// nothing to do but wait.
func (s *Service) Share(ctx context.Context) { s.cluster.Run(ctx) }

// WatchHealth reports whether the service can do its work, which it can't while it is cut off from its store, and returns
// a channel that is closed when that changes.
func (s *Service) WatchHealth() (well bool, changed <-chan struct{}) { return s.cluster.Health() }

// Wait returns when no goroutine of the service runs any more. It is called after its server was stopped.
func (s *Service) Wait() { s.receivers.Wait() }

// view reads without a transaction: what single keys have.
func (s *Service) view(ctx context.Context, look func(store.Tx) error) error {
	return look(store.Reading(ctx, s.config.Store))
}

// update changes the store.
func (s *Service) update(ctx context.Context, change func(store.Tx) error) error {
	return s.config.Store.Update(ctx, change)
}

// issue signs a certificate and remembers it. It is part of an update: what is not remembered is not given out.
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

// issueTime is now, or somewhat later where a certificate of now would be revoked at once: another master, or the clock of
// before, was ahead of this one.
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
