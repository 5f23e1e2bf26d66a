package bootstraps

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/view/listing"
)

var errNotSSH = &fault.Error{
	Stage: fault.Resolve,
	Err:   errors.New("no agent is copied there: it is no SSH host"),
}

func newBootstrapCleanCommand(s *command.Streams) *cobra.Command {
	var o visitOptions
	cmd := &cobra.Command{
		Use:   "clean HOST...",
		Short: "Remove every trace of the agent from hosts",
		Long: `Remove every trace of the agent from hosts: the agents of all builds in all places, uploads that were cut off, and
the directories made for them. Nothing else is touched. A run that is under way goes on.`,
		Example: "  sloth-runner bootstrap clean -i hosts.ini web",
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return cleanBootstrap(cmd.Context(), s, &o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func cleanBootstrap(ctx context.Context, s *command.Streams, o *visitOptions, words []string) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	all, err := visitAll(ctx, s, o, words, func(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) listing.Clean {
		if target.Kind != inventory.SSH {
			return listing.NewClean(target, nil, errNotSSH)
		}
		removed, err := ssh.Clean(ctx, target, func(*proto.Event) {})
		return listing.NewClean(target, removed, err)
	})
	if err != nil {
		return err
	}
	failed, err := command.Listing(s, o.output).Cleans(all)
	if err != nil {
		return err
	}
	return command.Visited(ctx, failed)
}
