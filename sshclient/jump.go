package sshclient

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/duplex"
	"sloth-runner/internal/fault"
)

// jumps are the connections to jump hosts. Each is dialled once and shared by all hosts behind it. For its sshd they are channels
// of one connection: they count neither as sessions (MaxSessions) nor as logins (MaxStartups). The zero value is ready to use.
// Safe for concurrent use. It must be closed.
type jumps struct {
	mu      sync.Mutex
	ctx     context.Context // of all connections; close ends it
	cancel  context.CancelFunc
	jumps   map[[sha256.Size]byte]*jump
	running sync.WaitGroup
}

// jump is the connection to one jump host.
type jump struct {
	host   Host
	dialed chan struct{} // closed when link or err is set
	link   *link
	err    error
	lost   chan struct{} // closed when the connection has ended
}

// get returns the connection to a jump host. All hosts behind it wait for the same dialling and get the same error, so that a
// jump host that has refused the login is not tried again for each of them. A connection that has ended is dialled anew.
func (j *jumps) get(ctx context.Context, host Host, dial func(context.Context, Host) (*link, error)) (*jump, error) {
	one := j.begin(host, dial)
	select {
	case <-one.dialed:
		return one, one.err
	case <-ctx.Done():
		return nil, &fault.Error{Stage: fault.Connect, Err: context.Cause(ctx)}
	}
}

func (j *jumps) begin(host Host, dial func(context.Context, Host) (*link, error)) *jump {
	key := keyOf(host)
	j.mu.Lock()
	defer j.mu.Unlock()
	if known := j.jumps[key]; known != nil && !known.isLost() {
		return known
	}
	j.start()
	one := &jump{host: host, dialed: make(chan struct{}), lost: make(chan struct{})}
	j.jumps[key] = one
	ctx := j.ctx
	j.running.Go(func() { one.run(ctx, dial) })
	return one
}

// start makes the context of all connections. The lock is held.
func (j *jumps) start() {
	if j.ctx == nil {
		j.ctx, j.cancel = context.WithCancel(context.Background())
		j.jumps = map[[sha256.Size]byte]*jump{}
	}
}

// close ends all connections and waits for that.
func (j *jumps) close() {
	j.mu.Lock()
	j.start()
	j.cancel()
	j.mu.Unlock()
	j.running.Wait()
}

// keyOf returns the same key for jump hosts with the same route and login. It is a digest, because it includes a password.
func keyOf(host Host) [sha256.Size]byte {
	// Strings, numbers and lists of them always have a JSON form.
	plain, _ := json.Marshal(host)
	return sha256.Sum256(fmt.Appendf(plain, "%q", host.Password.Reveal()))
}

// run dials and waits for the end of the connection.
func (j *jump) run(ctx context.Context, dial func(context.Context, Host) (*link, error)) {
	j.link, j.err = dial(ctx, j.host)
	close(j.dialed)
	if j.err != nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { j.link.Close() })
	defer stop()
	watch := startWatch(j.link, j.host.Settings)
	defer watch.end()
	// The hosts behind it get errors of their own.
	_ = j.link.Wait()
	close(j.lost)
}

func (j *jump) isLost() bool {
	select {
	case <-j.lost:
		return true
	default:
		return false
	}
}

// why returns the error for the end of a connection through the jump host; nil: the connection to the jump host still works.
func (j *jump) why() error {
	select {
	case <-j.lost:
		return fmt.Errorf("the connection to jump host %s was lost", j.host.Name)
	case <-time.After(closeTimeout):
		return nil
	}
}

// openThrough opens a channel to a host on its last jump host, which is reached through those before it.
func (d *Dialer) openThrough(ctx context.Context, host Host, permit *permit, notify notifier) (net.Conn, route, error) {
	hops := host.Jumps
	last := Host{Host: hops[len(hops)-1]}
	if len(hops) > 1 {
		last.Jumps, last.ProxyCommand = hops[:len(hops)-1], ""
	}
	permit.open()
	// A jump host needs no permit: hosts with permits wait for it.
	jump, err := d.jumps.get(ctx, last, func(ctx context.Context, host Host) (*link, error) {
		return d.dialWithRetry(ctx, host, nil, notify.through(host.Name))
	})
	if err != nil {
		return nil, route{}, jumpFailed(host, last, err)
	}
	if err := permit.reenter(ctx); err != nil {
		return nil, route{}, &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
	}
	permit.open()
	conn, err := jump.open(ctx, host.Address, d.limitOf(host))
	if err != nil {
		return nil, route{}, &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err, Hint: fault.Hint(err)}
	}
	permit.arrive()
	return conn, route{lost: jump.why}, nil
}

// jumpFailed returns the error of a jump host as that of a host behind it.
func jumpFailed(host, jump Host, err error) error {
	f := &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err, Hint: fault.Hint(err)}
	var staged *fault.Error
	if errors.As(err, &staged) {
		f.Stage, f.Err = staged.Stage, staged.Err
	}
	if staged != nil && staged.Host == "" || errors.As(f.Err, new(*jumpError)) {
		return f // ctx has ended, or the error names an earlier jump host
	}
	f.Err = &jumpError{jump.Name, f.Err}
	return f
}

// jumpError is an error of a jump host.
type jumpError struct {
	jump string
	err  error
}

func (e *jumpError) Error() string { return "jump host " + e.jump + ": " + e.err.Error() }
func (e *jumpError) Unwrap() error { return e.err }

// open opens a connection from the jump host to an address. When nothing has come from the jump host for the whole limit, its
// connection is closed: the next host dials it anew.
func (j *jump) open(ctx context.Context, address string, limit time.Duration) (net.Conn, error) {
	limited, cancel := within(ctx, limit)
	defer cancel()
	conn, err := j.link.DialContext(limited, "tcp", address)
	if err == nil {
		return duplex.New(duplex.Config{Reader: conn, Writer: conn, Name: address, Close: conn.Close}), nil
	}
	var refused *ssh.OpenChannelError
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case limited.Err() != nil:
		if j.link.wire.silence() >= limit {
			j.link.Close()
		}
		return nil, &jumpError{j.host.Name, fault.FailedToConnect(address, context.DeadlineExceeded)}
	case errors.As(err, &refused) && refused.Reason == ssh.Prohibited:
		return nil, &jumpError{j.host.Name, &fault.Error{
			Err:  fmt.Errorf("it does not allow connections to %s", address),
			Hint: "see AllowTcpForwarding, DisableForwarding and PermitOpen in its sshd_config, and the options in its authorized_keys",
		}}
	case errors.As(err, &refused):
		return nil, &jumpError{j.host.Name, fault.FailedToConnect(address, fmt.Errorf("%.200q", refused.Message))}
	}
	return nil, fmt.Errorf("the connection to jump host %s was lost", j.host.Name)
}
