package reach

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"sloth-runner/agent/role"
	"sloth-runner/bootstrap"
	"sloth-runner/bootstrap/payload"
	"sloth-runner/cli/command"
	"sloth-runner/cli/prompt"
	"sloth-runner/connect"
	"sloth-runner/inventory"
	"sloth-runner/runner"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
)

// sshOptions are how hosts are reached.
type sshOptions struct {
	knownHosts     string
	hostKey        string
	ConnectTimeout time.Duration
	agentsDir      string
	password       prompt.Options
	// key is the private key of the command line, which was read; nil: none is given.
	key *identity.Key
	// Given tells if a flag was, so that it goes before what a host's options say.
	Given func(flag string) bool
	// Pause clears the screen for a question until it is answered; nil: there is nothing to clear.
	Pause       func() (resume func())
	uploads     int
	uploadLimit command.ByteRate
}

func (o *sshOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.knownHosts, "known-hosts", "", "known_hosts `FILE` (default ~/.ssh/known_hosts and the system's)")
	f.StringVar(&o.hostKey, "host-key", "", "`POLICY` for SSH host keys that are not known: strict refuses, ask shows all of them at once and asks, accept-new learns them (default what ssh_config says, else ask on a terminal and strict without one)")
	command.AddDuration(f, &o.ConnectTimeout, "connect-timeout", 10*time.Second, "`LIMIT` for each stage of reaching a host: dial, key exchange, authentication, bootstrap, first answer")
	o.password.AddFlags(f, "", "password for SSH")
	o.Given = f.Changed
	f.StringVar(&o.agentsDir, "agents-dir", "", "`DIR` with agents for platforms that this build has none for (default $SLOTH_AGENTS_DIR)")
	f.IntVar(&o.uploads, "uploads", 32, "copy the agent and files to at most `N` hosts at once; 0: all")
	f.Var(&o.uploadLimit, "upload-limit", "copy agents and files at most at this `RATE` for all hosts together, in bytes a second, as 500K or 20M")
}

func (o *sshOptions) Check() error {
	switch {
	case o.Given("host-key") && !slices.Contains([]hostkeys.Policy{hostkeys.Strict, hostkeys.Ask, hostkeys.AcceptNew}, hostkeys.Policy(o.hostKey)):
		return fmt.Errorf("--host-key is strict, ask or accept-new, not %q", o.hostKey)
	case o.ConnectTimeout <= 0:
		return errors.New("--connect-timeout must be positive")
	case o.uploads < 0:
		return errors.New("--uploads can't be negative")
	}
	return nil
}

// Connectors reach the hosts of a command.
type Connectors struct {
	connect.ByKind
	// SSH reaches SSH hosts; nil: there are none.
	SSH *bootstrap.Connector
}

// Connect prepares the connectors that the jobs need, asks a person for what they need, and returns what ends them.
func Connect(ctx context.Context, s *command.Streams, o *Options, version string, jobs []runner.Job) (*Connectors, func(), error) {
	all := &Connectors{ByKind: connect.ByKind{
		inventory.Local: connect.Local{Service: role.NewService(version)},
		inventory.Agent: o.Agents.Dialer(o.SSH.ConnectTimeout, o.insecure),
	}}
	var targets []inventory.Target
	for _, job := range jobs {
		targets = append(targets, job.Targets...)
	}
	if connect.NeedAgents(targets) {
		if err := o.Agents.renew(ctx); err != nil {
			o.Agents.Close()
			return nil, nil, err
		}
	}
	if !connect.NeedSSH(targets) {
		return all, o.Agents.Close, nil
	}
	ssh, err := SSH(ctx, s, &o.SSH)
	if err != nil {
		o.Agents.Close()
		return nil, nil, err
	}
	all.SSH = ssh
	all.AddSSH(ssh)
	end := func() {
		CloseSSH(ssh)
		o.Agents.Close()
	}
	if err := prompt.HostKeys(ctx, ssh, targets); err != nil {
		end()
		return nil, nil, err
	}
	return all, end, nil
}

// CloseSSH ends what a connector and its keys still have open. It has done its work: how it ends changes nothing.
func CloseSSH(ssh *bootstrap.Connector) {
	_ = ssh.Close()
	_ = ssh.SSH.Keys.Close()
}

func SSH(ctx context.Context, s *command.Streams, o *sshOptions) (*bootstrap.Connector, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("find the home directory, for keys and known_hosts: %w", err)
	}
	hostKeys, err := o.hostKeys(home)
	if err != nil {
		return nil, err
	}
	password, err := o.password.Read(ctx, s)
	if err != nil {
		return nil, err
	}
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "sloth-runner")
	}
	dir, err := agentsDir(s, o.agentsDir)
	if err != nil {
		return nil, err
	}
	agents, err := payload.New(cache, dir)
	if err != nil {
		return nil, err
	}
	keys := &identity.Keyring{Socket: s.Getenv("SSH_AUTH_SOCK"), Home: home}
	if o.key != nil {
		keys.Add(o.key)
	}
	if prompt.HasTerminal() {
		keys.Ask = o.ask
	}
	dialer := &sshclient.Dialer{
		Keys: keys, HostKeys: hostKeys, Password: password,
		Timeout: o.ConnectTimeout, TimeoutForAll: o.Given("connect-timeout"),
	}
	return &bootstrap.Connector{SSH: dialer, Payload: agents, Uploads: bootstrap.NewUploads(o.uploads, int64(o.uploadLimit))}, nil
}

// hostKeys reads the known_hosts files. What the command line says holds for all hosts.
func (o *sshOptions) hostKeys(home string) (*hostkeys.Checker, error) {
	var policy hostkeys.Policy
	if o.Given("host-key") {
		policy = hostkeys.Policy(o.hostKey)
	}
	keys := hostkeys.Usual(home, policy)
	if o.knownHosts != "" {
		if err := o.checkKnownHosts(policy); err != nil {
			return nil, err
		}
		keys = hostkeys.New([]string{o.knownHosts}, policy)
	}
	if prompt.HasTerminal() {
		keys.Unsaid = hostkeys.Ask
	}
	return keys, nil
}

// checkKnownHosts refuses a file that was named and can't be read; one that is missing may be made by what is learned.
func (o *sshOptions) checkKnownHosts(policy hostkeys.Policy) error {
	file, err := os.Open(o.knownHosts)
	switch {
	case err == nil:
		return file.Close()
	case errors.Is(err, os.ErrNotExist) && (policy == hostkeys.AcceptNew || policy == hostkeys.Ask):
		return nil
	}
	return fmt.Errorf("--known-hosts: %w", command.Unreadable(o.knownHosts, err))
}

// Ask is an identity.Asker.
func (o *sshOptions) ask(ctx context.Context, what string) (string, error) {
	if o.Pause != nil {
		defer o.Pause()()
	}
	return prompt.Secret(ctx, what)
}

// agentsDir is the directory of agents that the user named, or "".
func agentsDir(s *command.Streams, named string) (string, error) {
	source := "--agents-dir"
	if named == "" {
		source, named = "SLOTH_AGENTS_DIR", s.Getenv("SLOTH_AGENTS_DIR")
	}
	if named == "" {
		return "", nil
	}
	if _, err := os.ReadDir(named); err != nil {
		return "", fmt.Errorf("%s: %w", source, command.Unreadable(named, err))
	}
	return named, nil
}
