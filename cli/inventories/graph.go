package inventories

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
)

func newInventoryGraphCommand(s *command.Streams) *cobra.Command {
	var o inventoryOptions
	cmd := &cobra.Command{
		Use:   "graph [GROUP]",
		Short: "Show the groups as a tree, with their hosts",
		Long:  `Show the groups as a tree, with their hosts, as "ansible-inventory --graph" does.`,
		Example: `  sloth-runner inventory graph
  sloth-runner inventory graph production`,
		Args:              command.Arguments(nil, 1),
		ValidArgsFunction: completeGroup(s, &o),
		RunE: func(cmd *cobra.Command, args []string) error {
			top := "all"
			if len(args) > 0 {
				top = args[0]
			}
			return graphInventory(cmd.Context(), s, &o, top)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func completeGroup(s *command.Streams, o *inventoryOptions) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		from, err := reach.FindInventory(s, o.inventories)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		inv, err := from.Read(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return inv.Groups(), cobra.ShellCompDirectiveNoFileComp
	}
}

func graphInventory(ctx context.Context, s *command.Streams, o *inventoryOptions, top string) error {
	inv, _, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	if !inv.HasGroup(top) {
		err := fmt.Errorf("the inventory has no group %q", top)
		if why := inv.WhyPassedOver(top); why != "" {
			err = fmt.Errorf("%w: %s", err, why)
		}
		if known := closest.Match(top, inv.Groups()); known != "" {
			return &fault.Error{Err: err, Hint: fmt.Sprintf("did you mean %q?", known)}
		}
		return err
	}
	return command.Listing(s, o.format).Graph(inv, top)
}
