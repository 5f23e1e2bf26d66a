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
	// defaultInterval is the interval of an agent's reports unless the master says another one; minInterval and
	// maxInterval limit what the master may say.
	defaultInterval = 5 * time.Second
	minInterval     = 100 * time.Millisecond
	maxInterval     = 10 * time.Minute
	// firstAgain and lastAgain limit the pauses between attempts to attach.
	firstAgain = 500 * time.Millisecond
	lastAgain  = 30 * time.Second
	// closeTimeout limits a clean end.
	closeTimeout = 2 * time.Second
)

// Presence attaches an agent to its masters. Its fields must not change while it runs.
type Presence struct {
	Masters *Masters
	Holder  *trust.Holder
	// Report returns the agent's report. It is called before each report, by one goroutine.
	Report func() *proto.AgentReport
	// Changed makes the agent report at once; nil: a change is sent with the next report.
	Changed <-chan struct{}
	// Called, if set, is called when an operator waits; Masters.Take answers. It must not block. nil: the agent takes
	// no calls.
	Called func(number string)
	// Renew is called when the master wants the certificate to be renewed, as by Renewer.RenewNow. It must not block.
	Renew func()
	// Learned, if set, is called when the masters' addresses change, and Revoked when there are newer revocations, to
	// save them.
	Learned func([]string)
	Revoked func(*trust.Credentials)
	// Attached, if set, is called with nil when a master has accepted the agent, and with an error when the attachment
	// ended or failed.
	Attached func(error)
}

// Run keeps the agent attached until ctx ends, and then reports that the agent stops.
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
	// errShowOther ends an attachment after the certificate was renewed. The next attachment shows the new one.
	errShowOther = errors.New("the certificate was renewed")
	errEnded     = errors.New("the master ended the attachment: it stops, or another agent has come under this name")
)

// attach makes one attachment. It may outlive ctx by closeTimeout.
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
		default: // no master has answered yet
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
