package testhost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Fleet is a set of hosts that accept the same client key and have one known_hosts file.
type Fleet struct {
	// Dir is the directory of all files of the fleet.
	Dir string
	// ClientKey is the path of the private key that all hosts accept.
	ClientKey string
	// KnownHosts is the path of a known_hosts file with the keys of all hosts.
	KnownHosts string
	// Hosts are in the order of their numbers.
	Hosts []*Host

	temporary bool
}

// NewFleet starts n hosts of one kind, named o.Name-1 to o.Name-n, or web-1 to web-n without a name. It returns when
// all accept connections. When one can't be started, all are stopped. The Dir of the options is the fleet's.
func NewFleet(ctx context.Context, n int, o Options) (*Fleet, error) {
	f := &Fleet{Dir: o.Dir}
	if err := f.makeFiles(); err != nil {
		return nil, fmt.Errorf("start fleet: %w", errors.Join(err, f.remove()))
	}
	if o.Name == "" {
		o.Name = "web"
	}
	if err := f.start(ctx, n, o); err != nil {
		return nil, fmt.Errorf("start fleet: %w", errors.Join(err, f.Stop()))
	}
	return f, nil
}

func (f *Fleet) makeFiles() (err error) {
	if f.Dir == "" {
		if f.Dir, err = os.MkdirTemp("", "testhosts-"); err != nil {
			return err
		}
		f.temporary = true
	}
	if f.Dir, err = filepath.Abs(f.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return err
	}
	f.ClientKey = filepath.Join(f.Dir, "id_ed25519")
	f.KnownHosts = filepath.Join(f.Dir, "known_hosts")
	_, err = WriteKey(f.ClientKey, "testhost")
	return err
}

// start starts the hosts, a few at a time, because starting sshd uses a processor.
func (f *Fleet) start(ctx context.Context, n int, o Options) error {
	var found *openSSH
	if !o.ForceGo && o.Password == "" {
		found = findOpenSSH(ctx)
	}
	hosts, errs := make([]*Host, n), make([]error, n)
	f.each(n, func(i int) {
		o := o
		o.Name = fmt.Sprintf("%s-%d", o.Name, i+1)
		o.Dir = filepath.Join(f.Dir, o.Name)
		o.ClientKey, o.KnownHosts = f.ClientKey, f.KnownHosts
		hosts[i], errs[i] = start(ctx, o, found)
	})
	for _, host := range hosts {
		if host != nil {
			f.Hosts = append(f.Hosts, host)
		}
	}
	return errors.Join(errs...)
}

// Host returns the host of that name, or nil.
func (f *Fleet) Host(name string) *Host {
	for _, host := range f.Hosts {
		if host.Name == name {
			return host
		}
	}
	return nil
}

// WriteInventory writes an Ansible-style INI inventory of all hosts, in one group, to path.
func (f *Fleet) WriteInventory(path string) error {
	var text strings.Builder
	text.WriteString("[testhosts]\n")
	for _, h := range f.Hosts {
		fmt.Fprintf(&text, "%s ansible_host=%s ansible_port=%d ansible_user=%s ansible_ssh_private_key_file=%s\n",
			h.Name, loopback, h.Port, h.User, iniWord(h.ClientKey))
	}
	return os.WriteFile(path, []byte(text.String()), 0o600)
}

// iniWord quotes a value that would be more than one word.
func iniWord(value string) string {
	if strings.ContainsAny(value, " \t#'\"\\") {
		return quote(value)
	}
	return value
}

// Stop stops all hosts and removes the directory unless the caller gave it. It may be called more than once.
func (f *Fleet) Stop() error {
	errs := make([]error, len(f.Hosts))
	f.each(len(f.Hosts), func(i int) { errs[i] = f.Hosts[i].Stop() })
	return errors.Join(errors.Join(errs...), f.remove())
}

func (f *Fleet) remove() error {
	if !f.temporary {
		return nil
	}
	return os.RemoveAll(f.Dir)
}

// each calls do for 0 to n-1, a few at a time, and waits for all calls.
func (f *Fleet) each(n int, do func(int)) {
	var all sync.WaitGroup
	slots := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	all.Wait()
}
