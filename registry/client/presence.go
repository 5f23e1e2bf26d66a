package client

import (
	"context"
	"errors"
	"sync"
	"time"

	"sloth-runner/internal/pause"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

const (
	// defaultInterval is how often an agent reports to a master that has said nothing else; minInterval and maxInterval
	// bound what it may say.
	defaultInterval = 5 * time.Second
	minInterval     = 100 * time.Millisecond
	maxInterval     = 10 * time.Minute
	// firstAgain and lastAgain bound the pauses between tries to attach.
	firstAgain = 500 * time.Millisecond
	lastAgain  = 30 * time.Second
	// closeTimeout bounds how long a clean end may take.
	closeTimeout = 2 * time.Second
)

// Presence is an agent's attachment to its masters. Its fields don't change once it runs.
type Presence struct {
	Masters *Masters
	Holder  *trust.Holder
	// Report is what the agent says of itself now. It is asked before each report, by one goroutine.
	Report func() *proto.AgentReport
	// Changed asks for a report at once; nil: it can wait for the next.
	Changed <-chan struct{}
	// Called is told that an operator waits; Masters.Take answers. It must not wait. nil: the agent takes no calls.
	Called func(number string)
	// Renew is told that the master wants the certificate to be renewed, as Renewer.RenewNow does. It must not wait.
	Renew func()
	// Learned is told of the masters' addresses when they change, and Revoked of credentials with newer revocations, for
	// the next start. nil: nobody is.
	Learned func([]string)
	Revoked func(*trust.Credentials)
	// Attached is told nil when a master has taken the agent, and an error when it was lost or not reached; nil: nobody is.
	Attached func(error)
}

// Run keeps the agent attached until ctx ends, and then says that it goes.
func (p *Presence) Run(ctx context.Context) {
	again := pause.Scattered(firstAgain, lastAgain)
	for {
		before := p.Holder.Current().Revocations
		err := p.attach(ctx, again.Reset)
		if now := p.Holder.Current(); now.Revocations != before && p.Revoked != nil {
			p.Revoked(now)
		}
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errShowOther) {
			continue
		}
		p.attached(err)
		if !pause.For(ctx, again.NextBackOff()) {
			return
		}
	}
}

func (p *Presence) attached(err error) {
	if p.Attached != nil {
		p.Attached(err)
	}
}

var (
	// errShowOther ends an attachment whose certificate was renewed: the next one shows the new.
	errShowOther = errors.New("the certificate was renewed")
	errEnded     = errors.New("the master ended the attachment: it stops, or another agent has come under this name")
)

// attach is one attachment. It outlives ctx by the closeTimeout.
func (p *Presence) attach(ctx context.Context, welcome func()) error {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	opened := make(chan struct{}, 1)
	var ending sync.WaitGroup
	ending.Go(func() {
		select {
		case <-lasting.Done():
			return
		case <-ctx.Done():
		}
		select {
		case <-opened:
			pause.For(lasting, closeTimeout)
		default: // there is nobody yet to say closeTimeout to
		}
		cancel()
	})
	defer ending.Wait()
	defer cancel()
	var renewed error
	err := p.Masters.Stream(lasting, func(lasting context.Context, client proto.RegistryClient) error {
		lasting, cancel := context.WithCancel(lasting)
		defer cancel()
		stream, err := client.Attach(lasting)
		if err != nil {
			return err
		}
		select {
		case opened <- struct{}{}:
		default:
		}
		c := &session{
			Presence: p, stream: stream, welcome: welcome, intervals: make(chan time.Duration, 1), ended: make(chan error, 1),
			learned: make(chan struct{}, 1), lacking: make(chan *trust.Revocations, 1),
		}
		err = c.run(ctx, cancel)
		if errors.Is(err, errShowOther) {
			renewed, err = err, nil
		}
		return err
	})
	if renewed != nil {
		return renewed
	}
	return err
}
