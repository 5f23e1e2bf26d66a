package sshclient

import (
	"context"
	"time"

	"sloth-runner/internal/credential"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
)

// Dialer connects to hosts and logs in. Its fields are set before it is used; it is safe for concurrent use, and must be
// closed when all clients are.
type Dialer struct {
	Keys     *identity.Keyring
	HostKeys *hostkeys.Checker
	// Timeout limits each stage: dialling, key exchange, authentication. 0: no limit. A host's ConnectTimeout takes precedence,
	// unless TimeoutForAll is set.
	Timeout       time.Duration
	TimeoutForAll bool
	// Password is for hosts, and jump hosts, that take a password and have none of their own.
	Password secret.Text

	trials  credential.Trials
	coming  admission
	jumps   jumps
	lookups lookups
}

// retryFactor times Timeout is how long a busy server is tried again.
const retryFactor = 3

// Close ends the connections to jump hosts. It is called when all clients are closed.
func (d *Dialer) Close() error {
	d.jumps.close()
	return nil
}

// Dial waits for a place in the window of connecting hosts, connects to a host and logs in. It calls notice with lines that
// the user may need while Dial runs. The caller must close the client. The client keeps its place in the window
// until Admitted or Close.
func (d *Dialer) Dial(ctx context.Context, host Host, notice func(text string)) (*Client, error) {
	permit, err := d.coming.enter(ctx, d.limitOf(host))
	if err != nil {
		return nil, &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
	}
	notes := &notices{report: notice}
	defer notes.end()
	link, err := d.dialWithRetry(ctx, host, permit, notes.notify)
	for _, text := range d.HostKeys.TakeNotices() {
		notes.notify(text)
	}
	if err != nil {
		permit.leave()
		return nil, err
	}
	return &Client{link: link, permit: permit, alive: startWatch(link, host.Settings)}, nil
}

// limitOf returns the limit of each stage of reaching a host.
func (d *Dialer) limitOf(host Host) time.Duration {
	if limit := host.ConnectTimeout; limit > 0 && !d.TimeoutForAll {
		return limit
	}
	return d.Timeout
}
