package testhost

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Host is a running SSH host. Its methods are safe for concurrent use.
type Host struct {
	// Name is the host's name, as SLOTH_TESTHOST says it.
	Name string
	// Port is the TCP port on 127.0.0.1.
	Port int
	// User is the only login name: the user of this process.
	User string
	// Home is the home directory of that user on this host.
	Home string
	// ClientKey is the path of the private key that the host accepts.
	ClientKey string
	// KnownHosts is the path of a known_hosts file that has the host's key.
	KnownHosts string
	// HostKey is the fingerprint of the host's key, as "SHA256:…".
	HostKey string

	site   *site
	server server
	stop   func() error
}

// server is the SSH server of a host.
type server interface {
	// implementation is "openssh" or "go".
	implementation() string
	port() int
	// stop stops the server, its connections and the processes of its sessions, and waits for the server.
	stop() error
}

// Start starts a host and returns when it accepts connections. ctx limits the start only: the host lives until Stop
// is called or this process ends.
func Start(ctx context.Context, o Options) (*Host, error) {
	if o.ForceGo || o.Password != "" || o.SFTPTree != "" {
		return start(ctx, o, nil)
	}
	return start(ctx, o, findOpenSSH(ctx))
}

// start starts a host with the sshd found, or with the server in this process when none was.
func start(ctx context.Context, o Options, found *openSSH) (*Host, error) {
	s, err := newSite(o)
	if err != nil {
		return nil, fmt.Errorf("test host %s: %w", o.Name, err)
	}
	var srv server
	if found != nil {
		srv, err = found.start(ctx, s)
	} else {
		srv, err = startGo(s)
	}
	if err == nil {
		err = s.trust(address(srv.port()))
		if err != nil {
			err = errors.Join(err, srv.stop())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("test host %s: %w", o.Name, errors.Join(err, s.remove()))
	}
	h := &Host{
		Name: s.Name, Port: srv.port(), User: s.user, Home: s.home,
		ClientKey: s.ClientKey, KnownHosts: s.KnownHosts, HostKey: s.fingerprint(),
		site: s, server: srv,
	}
	h.stop = sync.OnceValue(h.end)
	return h, nil
}

// Addr returns host:port to connect to.
func (h *Host) Addr() string { return address(h.Port) }

// Implementation says which SSH server the host has: "openssh" or "go".
func (h *Host) Implementation() string { return h.server.implementation() }

// Trust adds a line to the host's known_hosts file that gives its key for another address, such as a proxy's.
func (h *Host) Trust(addr string) error { return h.site.trust(addr) }

// KnownHostsLine returns the line of a known_hosts file that gives the host's key for addr, without a newline.
func (h *Host) KnownHostsLine(addr string) string { return h.site.knownHostsLine(addr) }

// Processes returns the IDs of the processes of the host's sessions, also of background processes. The SSH server's own
// processes are not included. A process that cleared its environment can't be found.
func (h *Host) Processes() ([]int, error) { return marked(h.site.id) }

// Stop ends the host and every process on it, waits until they are gone, and removes the directory unless the
// caller gave it. It may be called more than once.
func (h *Host) Stop() error { return h.stop() }

func (h *Host) end() error {
	return errors.Join(h.server.stop(), h.verifyEmpty(), h.site.remove())
}

// verifyEmpty waits until the host's last process has ended. All were killed before; only the kernel may take time.
func (h *Host) verifyEmpty() error {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left, err := h.Processes()
		if err != nil || len(left) == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("test host %s: processes %v outlived it", h.Name, left)
		}
	}
}
