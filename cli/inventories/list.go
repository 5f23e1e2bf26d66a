package inventories

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/view/layout"
	"sloth-runner/view/listing"
)

type inventoryListOptions struct {
	inventoryOptions
	limit []string
	reach reach.ReachOptions
}

func newInventoryListCommand(s *command.Streams) *cobra.Command {
	var o inventoryListOptions
	cmd := &cobra.Command{
		Use:   "list [PATTERN]...",
		Short: "List hosts with their address, user and groups",
		Long: `List hosts with their address, user and groups: those of the inventory, or those that the patterns name.

With -o json the output has the form of "ansible-inventory --list", so that other programs can read it, and this one
takes it as an inventory again.`,
		Example: `  sloth-runner inventory list
  sloth-runner inventory list 'web*:!web-3'
  sloth-runner inventory list -o json | jq ._meta.hostvars`,
		Aliases:           []string{"ls"},
		ValidArgsFunction: completeHost(s, &o.inventoryOptions, true, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			return listInventory(cmd.Context(), s, &o, args)
		},
	}
	reach.AddLimitFlag(cmd.Flags(), &o.limit)
	o.addFlags(cmd.Flags())
	o.reach.AddFlags(cmd.Flags())
	return cmd
}

func listInventory(ctx context.Context, s *command.Streams, o *inventoryListOptions, patterns []string) error {
	inv, from, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	w := command.Listing(s, o.format)
	if o.format == listing.JSON && len(patterns) == 0 && len(o.limit) == 0 {
		return w.Ansible(inv, nil) // no host is looked at: what is wrong with one is its user's business
	}
	limit := inv.NewLimit(o.limit)
	selected, err := limit.Select(ctx, patterns, o.reach.Apply())
	if err != nil {
		return err
	}
	if err := limit.Check(); err != nil {
		return err
	}
	reach.SayNotes(s, o.reach.Defaults.SSHConfig, 0)
	if o.format == listing.JSON {
		return w.Ansible(inv, selected)
	}
	if len(selected) == 0 {
		_, err := fmt.Fprintf(s.Err, "no hosts; inventory: %s\n", layout.Escape(from.String()))
		return err
	}
	return w.Hosts(inv, selected)
}
