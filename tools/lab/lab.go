//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"sloth-runner/tools/testhost"
)

// Lab is a network with hosts. Its methods are safe for concurrent use.
type Lab struct {
	// Key is the path of the private key with which deploy logs in on every host.
	Key string

	dir     string
	tools   tools
	network *network

	mu    sync.Mutex
	hosts []*Host
	count int
}

// Options describe the hosts. The zero value is an ordinary host.
type Options struct {
	// OneSession allows one session at a time in a connection.
	OneSession bool
	// NoForwarding forbids all forwarding.
	NoForwarding bool
	// Noisy shows a banner, and prints text from start-up files before every command, and before SFTP.
	Noisy bool
}

// New makes a lab without hosts, and removes what is left of labs whose process died.
func New(ctx context.Context) (*Lab, error) {
	found, err := findTools()
	if err != nil {
		return nil, err
	}
	if err := sweep(ctx); err != nil {
		return nil, err
	}
	network, err := newNetwork(ctx)
	if err != nil {
		return nil, err
	}
	l := &Lab{tools: found, network: network}
	if err := l.makeFiles(); err != nil {
		return nil, errors.Join(err, network.remove(ctx))
	}
	return l, nil
}

func (l *Lab) makeFiles() (err error) {
	if l.dir, err = os.MkdirTemp("", l.network.dirPattern()); err != nil {
		return err
	}
	// sshd on a host reads the key as root; other users must not read the operator's files.
	l.Key = filepath.Join(l.dir, "id_ed25519")
	_, err = testhost.WriteKey(l.Key, "lab")
	return err
}

// Gateway returns the machine's own address in the lab's network. What listens there acts as a host without an SSH
// server.
func (l *Lab) Gateway() string { return l.network.gateway() }

// Up starts n more hosts, and returns when they accept logins. When one can't be started, all of them are removed.
func (l *Lab) Up(ctx context.Context, n int, o Options) ([]*Host, error) {
	hosts, errs := make([]*Host, n), make([]error, n)
	slots := make(chan struct{}, 2*runtime.NumCPU())
	var starting sync.WaitGroup
	for i := range n {
		starting.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			hosts[i], errs[i] = l.up(ctx, o)
		})
	}
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		for _, host := range hosts {
			if host != nil {
				err = errors.Join(err, host.Kill())
			}
		}
		return nil, err
	}
	return hosts, nil
}

// up makes and starts one host.
func (l *Lab) up(ctx context.Context, o Options) (*Host, error) {
	l.mu.Lock()
	number := l.count
	l.count++
	l.mu.Unlock()
	h := &Host{
		Name: fmt.Sprintf("lab-%03d", number), Address: l.network.address(number),
		lab: l, number: number, site: filepath.Join(l.dir, fmt.Sprintf("host-%d", number)),
	}
	if err := h.makeFiles(o); err != nil {
		return nil, fmt.Errorf("make %s: %w", h.Name, err)
	}
	l.mu.Lock()
	l.hosts = append(l.hosts, h)
	l.mu.Unlock()
	return h, h.Start(ctx)
}

// Close kills all hosts and removes everything.
func (l *Lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	for _, host := range l.hosts {
		err = errors.Join(err, host.Kill())
	}
	// Cleaning up must work although the context of the tests has ended.
	return errors.Join(err, l.network.remove(context.Background()))
}
