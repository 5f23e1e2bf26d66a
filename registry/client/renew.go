package client

import (
	"context"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"sloth-runner/internal/pause"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

const (
	// firstRetry and lastRetry limit the pauses between attempts to renew.
	firstRetry = 2 * time.Second
	lastRetry  = 10 * time.Minute
)

// Renewer renews a holder's certificate before it expires. Its fields must not change while it runs.
type Renewer struct {
	Masters *Masters
	Holder  *trust.Holder
	// Save saves credentials for the next start. The renewed ones are used also when it fails.
	Save func(*trust.Credentials) error
	// Failed, if set, is called with the error when renewing or saving failed.
	Failed func(error)

	once sync.Once
	now  chan struct{}
}

// RenewNow makes Run renew the certificate at once, for instance after a renaming. It does not wait.
func (r *Renewer) RenewNow() {
	r.prepare()
	select {
	case r.now <- struct{}{}:
	default: // it is requested already
	}
}

func (r *Renewer) prepare() { r.once.Do(func() { r.now = make(chan struct{}, 1) }) }

// Run renews the certificate when it is time, until ctx ends.
func (r *Renewer) Run(ctx context.Context) {
	r.prepare()
	retry := pause.Scattered(firstRetry, lastRetry)
	for least := time.Duration(0); r.due(ctx, least); least = leastPause(r.Holder.Current()) {
		for {
			err := r.Renew(ctx)
			if err == nil {
				retry.Reset()
				break
			}
			if ctx.Err() != nil {
				return
			}
			r.failed(err)
			if !pause.Until(ctx, retry.NextBackOff(), r.now) {
				return
			}
		}
	}
}

// checkInterval is the interval for reading the clock. The clock may be set, and goes on while the machine sleeps and
// its timers stop.
const checkInterval = time.Minute

// due returns true when the certificate should be renewed, after at least a given time, and false when ctx has ended.
func (r *Renewer) due(ctx context.Context, least time.Duration) bool {
	for {
		wait := max(least, min(checkInterval, r.Holder.Current().RenewAt().Sub(r.Holder.Now())))
		if wait <= 0 {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-r.now:
			timer.Stop()
			return true
		case <-timer.C:
			least = 0
		}
	}
}

// leastPause is the shortest time between renewals. When the clock is ahead of the master's, a new certificate is due
// at once.
func leastPause(c *trust.Credentials) time.Duration {
	return c.Cert.NotAfter.Sub(c.Cert.NotBefore) / 10
}

// Renew gets a new certificate now.
func (r *Renewer) Renew(ctx context.Context) error {
	current := r.Holder.Current()
	request, err := trust.Request(current.Key)
	if err != nil {
		return err
	}
	var answer *proto.RenewResponse
	err = r.Masters.Do(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = client.Renew(ctx, &proto.RenewRequest{Request: request})
		return err
	})
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(answer.GetCertificate())
	if err != nil {
		return unusable(r.Masters.Addresses()[0], errors.New("the certificate can't be read"))
	}
	if err := current.WithCertificate(cert).Check(r.Holder.Now()); err != nil {
		return unusable(r.Masters.Addresses()[0], err)
	}
	if err := take(r.Holder, answer.GetRevocations()); err != nil {
		return unusable(r.Masters.Addresses()[0], err)
	}
	renewed := r.Holder.Renew(cert)
	r.Masters.Learn(answer.GetMasters())
	if r.Save != nil {
		if err := r.Save(renewed); err != nil {
			r.failed(err)
		}
	}
	return nil
}

func (r *Renewer) failed(err error) {
	if r.Failed != nil {
		r.Failed(err)
	}
}

// take adds revocations from a master's answer to a holder. An empty answer changes nothing.
func take(holder *trust.Holder, der []byte) error {
	revocations, err := parse(holder.Current(), der)
	if err != nil {
		return err
	}
	holder.Revoke(revocations)
	return nil
}

// parse reads revocations from a master's answer. An empty answer has none.
func parse(c *trust.Credentials, der []byte) (*trust.Revocations, error) {
	if len(der) == 0 {
		return nil, nil
	}
	return trust.ParseRevocations(der, c.Authority)
}
