package inventories

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
	"sloth-runner/inventory/sources"
	"sloth-runner/view/layout"
)

func New(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "inventory",
		Short: "Show the hosts and groups of an inventory, and where each value comes from",
		Long: `Show the hosts and groups of an inventory, and where each value comes from.

The inventory is what -i names, else what SLOTH_INVENTORY names (a path, or several with commas), else hosts.ini,
hosts.yaml or inventory/ in the working directory, else what the user's configuration file names:
  $XDG_CONFIG_HOME/sloth-runner/config.yaml (~/.config), with a line
  inventory: PATH        or a list of paths, which begin beside that file
A directory called inventory is taken only if there is one in it, and not for what else programs keep under that name.
One in the working directory is used only where no other user but root can write to it or to what belongs to it, since it
may name commands and be a program; -i takes any.

Passwords are shown as stars.`,
		RunE: command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Inventory)
	cmd.AddCommand(newInventoryListCommand(s), newInventoryGraphCommand(s), newInventoryShowCommand(s))
	return cmd
}

// inventoryOptions are those of all commands that read an inventory and reach no host.
type inventoryOptions struct {
	inventories []string
	format      string
}

func (o *inventoryOptions) addFlags(f *pflag.FlagSet) {
	f.SortFlags = false
	reach.AddInventoryFlag(f, &o.inventories)
	f.StringVarP(&o.format, "output", "o", "text", "`FORMAT` of the output: text or json")
}

// Read reads the inventory, and says what was passed over in it.
func (o *inventoryOptions) read(ctx context.Context, s *command.Streams) (*inventory.Inventory, sources.Found, error) {
	if err := command.CheckFormat(o.format, "text", "json"); err != nil {
		return nil, sources.Found{}, err
	}
	from, err := reach.FindInventory(s, o.inventories)
	if err != nil {
		return nil, from, err
	}
	inv, err := from.Read(ctx)
	if err != nil {
		return nil, from, err
	}
	for _, warning := range inv.Warnings() {
		fmt.Fprintf(s.Err, "warning: %s\n", layout.Escape(warning))
	}
	return inv, from, nil
}

// completeHost completes the name of a host, and of a group where those are wanted.
func completeHost(s *command.Streams, o *inventoryOptions, groups bool, most int) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		from, err := reach.FindInventory(s, o.inventories)
		if err != nil || most > 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		inv, err := from.Read(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		names := inv.Hosts()
		if groups {
			names = append(inv.Groups(), names...)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
