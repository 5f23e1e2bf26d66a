package sshclient

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"sloth-runner/internal/fault"
)

// maxLookups limits the lookups at the same time. Resolvers drop queries when there are too many, and each then takes seconds.
const maxLookups = 32

// lookups limits how many names are looked up at the same time. The zero value is ready to use.
type lookups struct {
	once  sync.Once
	slots chan struct{}
}

// take waits for a slot. leave gives it back; it may be called more than once.
func (l *lookups) take(ctx context.Context) (leave func(), err error) {
	l.once.Do(func() { l.slots = make(chan struct{}, maxLookups) })
	select {
	case l.slots <- struct{}{}:
		return sync.OnceFunc(func() { <-l.slots }), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// dialTCP connects to a host's address. A name first waits for a slot to be looked up, which counts against no limit. The slot
// is given back when the first address is tried.
func (d *Dialer) dialTCP(ctx context.Context, host Host) (conn net.Conn, began time.Time, err error) {
	dialer := &net.Dialer{Timeout: d.limitOf(host)}
	network, local, err := source(ctx, host.Settings)
	if err != nil {
		return nil, time.Time{}, &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err, Hint: fault.Hint(err)}
	}
	if local != nil {
		dialer.LocalAddr = local
	}
	if name, _, err := net.SplitHostPort(host.Address); err == nil && net.ParseIP(name) == nil {
		leave, err := d.lookups.take(ctx)
		if err != nil {
			return nil, time.Time{}, unreached(ctx, host, err)
		}
		defer leave()
		dialer.ControlContext = func(context.Context, string, string, syscall.RawConn) error {
			leave()
			return nil
		}
	}
	began = time.Now()
	conn, err = dialer.DialContext(ctx, network, host.Address)
	if err != nil {
		return nil, began, unreached(ctx, host, err)
	}
	return conn, began, nil
}

func unreached(ctx context.Context, host Host, err error) error {
	f := &fault.Error{
		Stage: fault.Connect, Host: host.Name,
		Hint: "check the address, that an SSH server listens there, and that no firewall is in between",
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		f.Hint = "check the name, or say its address as HostName in ssh_config or ansible_host in the inventory"
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		// Another host may give back a descriptor soon.
		f.Temporary = true
		f.Hint = "this machine allows no more connections at once: raise the limit (ulimit -Hn), or work on fewer hosts at once with --forks N"
	}
	if bound := host.BindAddress; bound != "" && errors.Is(err, syscall.EADDRNOTAVAIL) {
		f.Hint = "this machine lacks the address that the host's BindAddress says: " + bound
	}
	f.Err = fault.FailedToConnect(host.Address, causeOr(ctx, err))
	return f
}
