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
	password       secretOptions
	// given tells if a flag was, so that it goes before what a host's options say.
	given func(flag string) bool
	// pause clears the screen for a question until it is answered; nil: there is nothing to clear.
	pause func() (resume func())
}

func (o *sshOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.knownHosts, "known-hosts", "", "known_hosts `FILE` (default ~/.ssh/known_hosts and the system's)")
	f.StringVar(&o.hostKey, "host-key", string(bootstrap.Strict), "`POLICY` for SSH host keys that are not known: strict refuses, ask shows all of them at once and asks, accept-new learns them")
	f.DurationVar(&o.connectTimeout, "connect-timeout", 10*time.Second, "`LIMIT` for each stage of reaching a host: dial, key exchange, authentication, bootstrap, first answer")
	o.password.addFlags(f, "", "password for SSH")
	o.given = f.Changed
}

func (o *sshOptions) check() error {
	switch {
	case !slices.Contains([]bootstrap.Policy{bootstrap.Strict, bootstrap.Ask, bootstrap.AcceptNew}, bootstrap.Policy(o.hostKey)):
		return fmt.Errorf("--host-key is strict, ask or accept-new, not %q", o.hostKey)
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

// newConnector prepares the ways that the jobs need, asks a person for what they need, and returns what ends them.
func newConnector(ctx context.Context, s *Streams, o *sshOptions, version string, jobs []runner.Job) (runner.Connector, func(), error) {
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
	ssh, err := newSSH(ctx, s, o)
	if err != nil {
		return nil, nil, err
	}
	ways[inventory.SSH] = ssh
	closeAll := func() {
		// What is left has done its work; how it ends changes nothing.
		_ = ssh.Close()
		_ = ssh.Keys.Close()
	}
	if err := askForHostKeys(ctx, ssh, jobs); err != nil {
		closeAll()
		return nil, nil, err
	}
	return ways, closeAll, nil
}

func newSSH(ctx context.Context, s *Streams, o *sshOptions) (*bootstrap.Connector, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("find the home directory, for keys and known_hosts: %w", err)
	}
	hostKeys, err := o.hostKeys(home)
	if err != nil {
		return nil, err
	}
	password, err := o.password.read(ctx, s)
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
	keys := &bootstrap.Keyring{Socket: s.Getenv("SSH_AUTH_SOCK"), Home: home}
	if hasTerminal() {
		keys.Ask = o.ask
	}
	return &bootstrap.Connector{
		Keys: keys, HostKeys: hostKeys, Payload: payload, Password: password,
		Timeout: o.connectTimeout, TimeoutForAll: o.given("connect-timeout"),
	}, nil
}

// hostKeys reads the known_hosts files. What the command line says holds for all hosts.
func (o *sshOptions) hostKeys(home string) (*bootstrap.HostKeys, error) {
	var policy bootstrap.Policy
	if o.given("host-key") {
		policy = bootstrap.Policy(o.hostKey)
	}
	if o.knownHosts == "" {
		return bootstrap.UsualHostKeys(home, policy)
	}
	if _, err := os.Stat(o.knownHosts); err != nil && policy != bootstrap.AcceptNew && policy != bootstrap.Ask {
		return nil, fmt.Errorf("--known-hosts: %w", err)
	}
	return bootstrap.NewHostKeys([]string{o.knownHosts}, policy)
}

// ask is a bootstrap.Asker.
func (o *sshOptions) ask(ctx context.Context, prompt string) (string, error) {
	if o.pause != nil {
		defer o.pause()()
	}
	return askOnTerminal(ctx, prompt)
}
