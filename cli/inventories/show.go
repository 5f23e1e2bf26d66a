package inventories

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/fault"
)

type inventoryShowOptions struct {
	inventoryOptions
	reach reach.ReachOptions
}

func newInventoryShowCommand(s *command.Streams) *cobra.Command {
	var o inventoryShowOptions
	cmd := &cobra.Command{
		Use:   "show [HOST]",
		Short: "Show how a host is reached, and where each of its variables comes from",
		Long: `Show how a host is reached, and where each of its variables comes from: file and line, and what it overrides.
Variables of Ansible that decide nothing here are marked as not used, with the reason.

Without a host, show which inventory is used and why, and the files that it was read from.`,
		Example: `  sloth-runner inventory show web-1
  sloth-runner inventory show web-1 -o json | jq .vars.ansible_user`,
		Args:              command.Arguments(nil, 1),
		ValidArgsFunction: completeHost(s, &o.inventoryOptions, false, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showInventory(cmd.Context(), s, &o, args)
		},
	}
	o.addFlags(cmd.Flags())
	o.reach.AddFlags(cmd.Flags())
	return cmd
}

func showInventory(ctx context.Context, s *command.Streams, o *inventoryShowOptions, args []string) error {
	inv, from, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	w := command.Listing(s, o.format)
	if len(args) == 0 {
		return w.Inventory(inv, from)
	}
	if inv.HasGroup(args[0]) && !inv.HasHost(args[0]) {
		return &fault.Error{
			Err:  fmt.Errorf("%s is a group", args[0]),
			Hint: fmt.Sprintf("its hosts are shown by `sloth-runner inventory list %s`", args[0]),
		}
	}
	host, err := inv.SelectHost(ctx, args[0], o.reach.Apply())
	if err != nil {
		return err
	}
	reach.SayNotes(s, o.reach.Defaults.SSHConfig, 0)
	return w.Host(inv, from, host)
}
