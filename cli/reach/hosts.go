package reach

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/inventory/model"
	"sloth-runner/view/layout"
)

// Options are what every command takes that works on hosts: where they are found, and how they are reached.
type Options struct {
	Inventories []string
	Limit       []string
	ReachOptions
	SSH      sshOptions
	insecure bool
	// Agents are the agents that are known by name.
	Agents Agents
	// Sources are those of the inventory, and digest is of what was read of them.
	sources []string
	digest  string
}

func (o *Options) AddFlags(f *pflag.FlagSet) {
	AddLimitFlag(f, &o.Limit)
	AddInventoryFlag(f, &o.Inventories)
	o.ReachOptions.AddFlags(f)
	o.SSH.addFlags(f)
	f.BoolVar(&o.insecure, "insecure", false, "speak without TLS to agents on this machine that were started so")
}

// Flags that several kinds of commands have are declared once, so that their help is the same.

func AddLimitFlag(f *pflag.FlagSet, limit *[]string) {
	f.StringArrayVarP(limit, "limit", "l", nil, "of the hosts that are named, take only those of this `PATTERN` (repeatable)")
}

func AddInventoryFlag(f *pflag.FlagSet, inventories *[]string) {
	f.StringArrayVarP(inventories, "inventory", "i", nil, "inventory `FILE`, directory, program or list `web-1,web-2,` (repeatable)")
}

// Resolver reads the inventory, and asks which agents there are when a word can't be settled without them.
func (o *Options) Resolver(ctx context.Context, s *command.Streams) (*Resolver, error) {
	r, err := o.SSHResolver(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := o.Agents.Open(s); err != nil {
		return nil, err
	}
	r.Defaults.AskAgents = func() []model.Agent {
		if err := o.Agents.Ask(ctx, s); err != nil && !slices.Contains(r.Errs, err) {
			r.Errs = append(r.Errs, err)
		}
		return o.Agents.List.Registered()
	}
	return r, nil
}

// SSHResolver reads the inventory, and says what was passed over in it. It knows of no agents: hosts are to be reached
// over SSH.
func (o *Options) SSHResolver(ctx context.Context, s *command.Streams) (*Resolver, error) {
	key, err := o.readKey(ctx)
	if err != nil {
		return nil, err
	}
	o.SSH.key = key
	from, err := FindInventory(s, o.Inventories)
	if err != nil {
		return nil, err
	}
	inv, err := from.Read(ctx)
	if err != nil {
		return nil, err
	}
	for _, warning := range inv.Warnings() {
		fmt.Fprintf(s.Err, "warning: %s\n", layout.Escape(warning))
	}
	o.sources, o.digest = from.Sources, inv.Digest()
	return &Resolver{Hosts: inv.NewLimit(o.Limit), Defaults: o.Apply(), known: map[string]Hosts{}}, nil
}
