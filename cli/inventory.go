package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/sshclient/identity"
	"sloth-runner/view/layout"
)

const inventoryExitCodes = `Exit codes:
  0  all well
  2  usage, inventory, or a name that can't be resolved`

func newInventoryCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "inventory",
		Short: "Show the hosts and groups of an inventory, and where each value comes from",
		Long: `Show the hosts and groups of an inventory, and where each value comes from.

The inventory is what -i names, else what SLOTH_INVENTORY names (a path, or several with commas), else hosts.ini,
hosts.yaml or inventory/ in the working directory, else what the user's configuration file names:
  $XDG_CONFIG_HOME/sloth-runner/config.yaml (~/.config), with a line
  inventory: PATH        or a list of paths, which begin beside that file
A directory called inventory is taken only if there is one in it, and not for what else programs keep under that name.
One in the working directory is used only where nobody but you and root can write, to it or to what belongs to it, since it
may name commands and be a program; -i takes any.

Passwords are shown as stars.`,
		RunE: subcommandOnly,
	}
	endHelpWith(cmd, inventoryExitCodes)
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
	addInventoryFlag(f, &o.inventories)
	f.StringVarP(&o.format, "output", "o", "text", "`FORMAT` of the output: text or json")
}

// read reads the inventory, and says what was passed over in it.
func (o *inventoryOptions) read(ctx context.Context, s *Streams) (*inventory.Inventory, inventorySource, error) {
	if err := checkFormat(o.format, "text", "json"); err != nil {
		return nil, inventorySource{}, err
	}
	from, err := findInventory(s, o.inventories)
	if err != nil {
		return nil, from, err
	}
	inv, err := from.read(ctx)
	if err != nil {
		return nil, from, err
	}
	for _, warning := range inv.Warnings() {
		fmt.Fprintf(s.Err, "warning: %s\n", layout.Escape(warning))
	}
	return inv, from, nil
}

// reachOptions say how hosts are reached. They win over the inventory, as the options of ssh do over its files.
type reachOptions struct {
	defaults  inventory.Defaults
	sshConfig sshConfigOptions
}

func (o *reachOptions) addFlags(f *pflag.FlagSet) {
	f.StringVarP(&o.defaults.User, "user", "u", "", "log in as `USER`, whatever the inventory and ssh_config say; USER@HOST goes before it")
	f.StringVarP(&o.defaults.PrivateKey, "private-key", "k", "", "private key `FILE`, which is offered before those of the inventory and of ssh_config")
	f.IntVar(&o.defaults.Port, "port", 0, "SSH `PORT`, whatever the inventory and ssh_config say; a word with a port goes before it")
	o.sshConfig.addFlags(f)
}

func (o *reachOptions) apply() inventory.Defaults {
	o.sshConfig.apply(&o.defaults)
	return o.defaults
}

// readKey reads --private-key, once, so that it may be a pipe, and tells before any host is touched that it is no key. One that
// has a passphrase is, and so is the public one of a key in the ssh-agent. nil: none is given.
func (o *reachOptions) readKey(ctx context.Context) (*identity.Key, error) {
	if o.defaults.PrivateKey == "" {
		return nil, nil
	}
	path, err := inventory.ExpandHome(o.defaults.PrivateKey)
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
func (o *reachOptions) noKey(err error) error {
	return &fault.Error{
		Err:  fmt.Errorf("--private-key: %w", err),
		Hint: fmt.Sprintf("-k takes the file of a private key, and took %q; --ask-pass asks for a password", o.defaults.PrivateKey),
	}
}

// describe is the inventory and why it is used, in a few words.
func (from inventorySource) describe() string {
	if len(from.sources) == 0 {
		return "none"
	}
	return strings.Join(from.sources, ", ") + " (" + from.why + ")"
}

// completeHost completes the name of a host, and of a group where those are wanted.
func completeHost(s *Streams, o *inventoryOptions, groups bool, most int) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		from, err := findInventory(s, o.inventories)
		if err != nil || most > 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		inv, err := from.read(cmd.Context())
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
