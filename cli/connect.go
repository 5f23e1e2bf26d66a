package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"sloth-runner/agent"
	"sloth-runner/bootstrap"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/runner"
)

// sshOptions are how hosts are reached.
type sshOptions struct {
	knownHosts     string
	hostKey        string
	connectTimeout time.Duration
	agentsDir      string
}

func (o *sshOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.knownHosts, "known-hosts", "", "known_hosts `FILE` (default ~/.ssh/known_hosts and the system's)")
	f.StringVar(&o.hostKey, "host-key", string(bootstrap.Strict), "`POLICY` for SSH host keys that are not known: strict refuses, accept-new learns them")
	f.DurationVar(&o.connectTimeout, "connect-timeout", 10*time.Second, "`LIMIT` for each stage of reaching a host: dial, key exchange, authentication, bootstrap, first answer")
}

func (o *sshOptions) check() error {
	switch {
	case o.hostKey != string(bootstrap.Strict) && o.hostKey != string(bootstrap.AcceptNew):
		return fmt.Errorf("--host-key is strict or accept-new, not %q", o.hostKey)
	case o.connectTimeout <= 0:
		return errors.New("--connect-timeout must be positive")
	}
	return nil
}

// connectors picks the way to a host by its kind.
type connectors map[inventory.Kind]runner.Connector

func (c connectors) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	return c[target.Kind].Connect(ctx, target, report)
}

// newConnector prepares the ways that the jobs need, and returns what ends them.
func newConnector(s *Streams, o *sshOptions, version string, jobs []runner.Job) (runner.Connector, func(), error) {
	ways := connectors{
		inventory.Local: agent.Local{Service: &agent.Service{Version: version}},
		inventory.Agent: agent.Dialer{Timeout: o.connectTimeout},
	}
	needSSH := slices.ContainsFunc(jobs, func(job runner.Job) bool {
		return slices.ContainsFunc(job.Targets, func(t inventory.Target) bool { return t.Kind == inventory.SSH })
	})
	if !needSSH {
		return ways, func() {}, nil
	}
	ssh, err := newSSH(s, o)
	if err != nil {
		return nil, nil, err
	}
	ways[inventory.SSH] = ssh
	return ways, func() {
		// The connection to the ssh-agent has done its work; how it ends changes nothing.
		_ = ssh.Keys.Close()
	}, nil
}

func newSSH(s *Streams, o *sshOptions) (*bootstrap.Connector, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("find the home directory, for keys and known_hosts: %w", err)
	}
	files := bootstrap.DefaultKnownHosts(home)
	if o.knownHosts != "" {
		if _, err := os.Stat(o.knownHosts); err != nil && o.hostKey == string(bootstrap.Strict) {
			return nil, fmt.Errorf("--known-hosts: %w", err)
		}
		files = []string{o.knownHosts}
	}
	hostKeys, err := bootstrap.NewHostKeys(files, bootstrap.Policy(o.hostKey))
	if err != nil {
		return nil, err
	}
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "sloth-runner")
	}
	payload, err := bootstrap.NewPayload(cache, o.agentsDir)
	if err != nil {
		return nil, err
	}
	return &bootstrap.Connector{
		Keys:     &bootstrap.Keyring{Socket: s.Getenv("SSH_AUTH_SOCK"), Home: home},
		HostKeys: hostKeys, Payload: payload, Timeout: o.connectTimeout,
	}, nil
}
