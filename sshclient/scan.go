package sshclient

import (
	"context"
	"errors"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshconfig"
)

// scansAtOnce limits the hosts that are asked for their keys at the same time.
const scansAtOnce = 64

// Scan finds the unknown keys of hosts about which the user is asked (hostkeys.Ask), before anything else is done there. It
// exchanges keys and closes the connection without logging in. Not safe for concurrent use.
type Scan struct {
	dialer  *Dialer
	hosts   []sshconfig.Host
	scanned map[string]bool // by known name
}

// UnknownKey is a host key that is in no known_hosts file.
type UnknownKey struct {
	// Host is the user's name for the host, and Address its address.
	Host, Address string
	// Type and SHA256 are as ssh-keygen -l prints them.
	Type, SHA256 string

	of  sshconfig.Host
	key ssh.PublicKey
}

// NewScan returns a scan of the hosts and their jump hosts that have no known key.
func (d *Dialer) NewScan(hosts []Host) *Scan {
	s := &Scan{dialer: d, scanned: map[string]bool{}}
	for _, host := range hosts {
		s.add(host.Host)
	}
	return s
}

// add adds a host, and before it its jump hosts.
func (s *Scan) add(host sshconfig.Host) {
	for i, jump := range host.Jumps {
		if i > 0 {
			jump.Jumps, jump.ProxyCommand = host.Jumps[:i], ""
		}
		s.add(jump)
	}
	if s.dialer.HostKeys.PolicyOf(host.Settings) == hostkeys.Ask {
		s.hosts = append(s.hosts, host)
	}
}

// Next returns the unknown keys of the hosts that can be reached now, in the order of the hosts; none: there are no more. Hosts
// behind a jump host with an unknown key follow when that key was learned. Hosts that can't be reached are left out: the run
// reports why.
func (s *Scan) Next(ctx context.Context) ([]UnknownKey, error) {
	var now []sshconfig.Host
	for _, host := range s.hosts {
		name := hostkeys.Name(host)
		if !s.scanned[name] && s.dialer.HostKeys.IsUnknown(host) && s.areJumpsKnown(host) {
			s.scanned[name] = true
			now = append(now, host)
		}
	}
	found := make([]*UnknownKey, len(now))
	var all sync.WaitGroup
	slots := make(chan struct{}, scansAtOnce)
	for i, host := range now {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			found[i] = s.dialer.scan(ctx, host)
		})
	}
	all.Wait()
	var keys []UnknownKey
	for _, key := range found {
		if key != nil {
			keys = append(keys, *key)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return keys, nil
}

// areJumpsKnown reports whether the keys of all jump hosts of the host are known.
func (s *Scan) areJumpsKnown(host sshconfig.Host) bool {
	for _, jump := range host.Jumps {
		if s.dialer.HostKeys.PolicyOf(jump.Settings) == hostkeys.Ask && s.dialer.HostKeys.IsUnknown(jump) || !s.areJumpsKnown(jump) {
			return false
		}
	}
	return true
}

// Learn accepts the keys, as hostkeys.AcceptNew does.
func (s *Scan) Learn(keys []UnknownKey) error {
	for _, key := range keys {
		if err := s.dialer.HostKeys.Learn(key.of, key.key); err != nil {
			return err
		}
	}
	return nil
}

var errScanned = errors.New("the host's key was seen")

// scan returns a host's key if it is unknown, or nil.
func (d *Dialer) scan(ctx context.Context, host sshconfig.Host) *UnknownKey {
	names, err := d.HostKeys.Algorithms(host)
	if err != nil {
		return nil
	}
	config, err := algorithms.Wire(host.Settings)
	if err != nil {
		return nil
	}
	ctx, cancel := within(ctx, 2*d.limitOf(Host{Host: host}))
	defer cancel()
	conn, _, err := d.open(ctx, Host{Host: host}, nil, nil)
	if err != nil {
		return nil
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	var seen *UnknownKey
	_, _, _, _ = ssh.NewClientConn(conn, host.Address, &ssh.ClientConfig{
		Config: config, User: host.User, HostKeyAlgorithms: names, ClientVersion: clientVersion,
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if _, err := d.HostKeys.Check(host, key); errors.Is(err, hostkeys.ErrUnknown) {
				seen = unknown(host, key)
			}
			return errScanned
		},
	})
	return seen
}

func unknown(host sshconfig.Host, key ssh.PublicKey) *UnknownKey {
	if certificate, ok := key.(*ssh.Certificate); ok {
		key = certificate.Key
	}
	return &UnknownKey{Host: host.Name, Address: host.Address, Type: key.Type(), SHA256: ssh.FingerprintSHA256(key), of: host, key: key}
}
