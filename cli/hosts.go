package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"sloth-runner/inventory/model"
	"sloth-runner/view/layout"
)

// hostOptions are what every command takes that works on hosts: where they are found, and how they are reached.
type hostOptions struct {
	inventories []string
	limit       []string
	reachOptions
	ssh      sshOptions
	insecure bool
	// persistent are the agents that are known by name.
	persistent persistentAgents
	// sources are those of the inventory, and digest is of what was read of them.
	sources []string
	digest  string
}

func (o *hostOptions) addFlags(f *pflag.FlagSet) {
	addLimitFlag(f, &o.limit)
	addInventoryFlag(f, &o.inventories)
	o.reachOptions.addFlags(f)
	o.ssh.addFlags(f)
	f.BoolVar(&o.insecure, "insecure", false, "speak without TLS to agents on this machine that were started so")
}

// Flags that several kinds of commands have are declared once, so that they are told in the same words.

func addLimitFlag(f *pflag.FlagSet, limit *[]string) {
	f.StringArrayVarP(limit, "limit", "l", nil, "of the hosts that are named, take only those of this `PATTERN` (repeatable)")
}

func addInventoryFlag(f *pflag.FlagSet, inventories *[]string) {
	f.StringArrayVarP(inventories, "inventory", "i", nil, "inventory `FILE`, directory, program or list `web-1,web-2,` (repeatable)")
}

// resolver reads the inventory, and asks which agents there are when a word can't be settled without them.
func (o *hostOptions) resolver(ctx context.Context, s *Streams) (*resolver, error) {
	r, err := o.sshResolver(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := o.persistent.open(s); err != nil {
		return nil, err
	}
	r.defaults.AskAgents = func() []model.Agent {
		if err := o.persistent.ask(ctx, s); err != nil && !slices.Contains(r.errs, err) {
			r.errs = append(r.errs, err)
		}
		return o.persistent.list.Registered()
	}
	return r, nil
}

// sshResolver reads the inventory, and says what was passed over in it. It knows of no agents: hosts are to be reached
// over SSH.
func (o *hostOptions) sshResolver(ctx context.Context, s *Streams) (*resolver, error) {
	key, err := o.readKey(ctx)
	if err != nil {
		return nil, err
	}
	o.ssh.key = key
	from, err := findInventory(s, o.inventories)
	if err != nil {
		return nil, err
	}
	inv, err := from.read(ctx)
	if err != nil {
		return nil, err
	}
	for _, warning := range inv.Warnings() {
		fmt.Fprintf(s.Err, "warning: %s\n", layout.Escape(warning))
	}
	o.sources, o.digest = from.sources, inv.Digest()
	return &resolver{hosts: inv.NewLimit(o.limit), defaults: o.apply(), known: map[string]narrowed{}}, nil
}
