package bootstraps

import (
	"context"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/view/listing"
)

type bootstrapCheckOptions struct {
	visitOptions
	install bool
}

func newBootstrapCheckCommand(s *command.Streams) *cobra.Command {
	var o bootstrapCheckOptions
	cmd := &cobra.Command{
		Use:   "check HOST...",
		Short: "Say what a run would find on hosts: platform, place of the agent, sudo, and how long each stage takes",
		Long: `Say what a run would find on hosts: platform, place of the agent, sudo, and how long each stage takes.

Nothing is left on a host, unless with --install, which copies the agent there so that the next run finds it. AGENT is
  ready      it is there
  installed  it was copied just now
  to copy    a run would copy it, of the size named`,
		Example: "  sloth-runner bootstrap check -i hosts.ini web",
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return checkBootstrap(cmd.Context(), s, &o, args)
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().BoolVar(&o.install, "install", false, "copy the agent to hosts that lack it")
	return cmd
}

func checkBootstrap(ctx context.Context, s *command.Streams, o *bootstrapCheckOptions, words []string) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	all, err := visitAll(ctx, s, &o.visitOptions, words, func(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) listing.Check {
		if target.Kind != inventory.SSH {
			return listing.NewCheck(target, bootstrap.State{}, errNotSSH)
		}
		state, err := ssh.Check(ctx, target, o.install, func(*proto.Event) {})
		return listing.NewCheck(target, state, err)
	})
	if err != nil {
		return err
	}
	failed, err := command.Listing(s, o.output).Checks(all)
	if err != nil {
		return err
	}
	return command.Visited(ctx, failed)
}
