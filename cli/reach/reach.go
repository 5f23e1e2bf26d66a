package reach

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/sshclient/identity"
)

// ReachOptions say how hosts are reached. They win over the inventory, as the options of ssh do over its files.
type ReachOptions struct {
	Defaults  inventory.Defaults
	sshConfig sshConfigOptions
}

func (o *ReachOptions) AddFlags(f *pflag.FlagSet) {
	f.StringVarP(&o.Defaults.User, "user", "u", "", "log in as `USER`, whatever the inventory and ssh_config say; USER@HOST goes before it")
	f.StringVarP(&o.Defaults.PrivateKey, "private-key", "k", "", "private key `FILE`, which is offered before those of the inventory and of ssh_config")
	f.IntVar(&o.Defaults.Port, "port", 0, "SSH `PORT`, whatever the inventory and ssh_config say; a word with a port goes before it")
	o.sshConfig.addFlags(f)
}

func (o *ReachOptions) Apply() inventory.Defaults {
	o.sshConfig.apply(&o.Defaults)
	return o.Defaults
}

// readKey reads --private-key, once, so that it may be a pipe, and tells before any host is touched that it is no key. One that
// has a passphrase is, and so is the public one of a key in the ssh-agent. nil: none is given.
func (o *ReachOptions) readKey(ctx context.Context) (*identity.Key, error) {
	if o.Defaults.PrivateKey == "" {
		return nil, nil
	}
	path, err := inventory.ExpandHome(o.Defaults.PrivateKey)
	if err != nil {
		return nil, o.noKey(err)
	}
	key, err := identity.Read(ctx, path)
	if err != nil {
		return nil, o.noKey(err)
	}
	return key, nil
}

// noKey says why --private-key is no key, and what it took.
func (o *ReachOptions) noKey(err error) error {
	return &fault.Error{
		Err:  fmt.Errorf("--private-key: %w", err),
		Hint: fmt.Sprintf("-k takes the file of a private key, and took %q; --ask-pass asks for a password", o.Defaults.PrivateKey),
	}
}
