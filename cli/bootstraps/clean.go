package bootstraps

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/layout"
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

// cleaned is what was removed from a host. It is the shape of the JSON.
type cleaned struct {
	Host    string           `json:"host"`
	Address string           `json:"address"`
	Removed []string         `json:"removed"`
	Error   *command.Trouble `json:"error,omitempty"`
}

func cleanBootstrap(ctx context.Context, s *command.Streams, o *visitOptions, words []string) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	all, err := visitAll(ctx, s, o, words, cleanHost)
	if err != nil {
		return err
	}
	troubles := make([]*command.Trouble, len(all))
	failed := 0
	for i, one := range all {
		if troubles[i] = one.Error; one.Error != nil {
			failed++
		}
	}
	if o.output == "json" {
		err = view.JSON(s.Out, all)
	} else {
		err = printCleaned(s, all, command.Hints(troubles))
	}
	if err != nil {
		return err
	}
	return command.Visited(ctx, failed)
}

func cleanHost(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) cleaned {
	told := cleaned{Host: target.Name, Address: target.Address, Removed: []string{}}
	if target.Kind != inventory.SSH {
		told.Error = command.TroubleOf(errNotSSH)
		return told
	}
	removed, err := ssh.Clean(ctx, target, func(*proto.Event) {})
	told.Removed = append(told.Removed, removed...)
	told.Error = command.TroubleOf(err)
	return told
}

func printCleaned(s *command.Streams, all []cleaned, hints []string) error {
	var rows [][]string
	for _, one := range all {
		what := "nothing was there"
		switch {
		case one.Error != nil && len(one.Removed) == 0:
			what = command.Problem(one.Error)
		case len(one.Removed) > 0:
			what = fmt.Sprintf("removed %s", one.Removed[0])
		}
		rows = append(rows, []string{one.Host, what})
		for i := 1; i < len(one.Removed); i++ {
			rows = append(rows, []string{"", "removed " + one.Removed[i]})
		}
		if one.Error != nil && len(one.Removed) > 0 {
			rows = append(rows, []string{"", command.Problem(one.Error)})
		}
	}
	if err := layout.Table(s.Out, 0, []string{"Host", "Agent"}, rows); err != nil {
		return err
	}
	command.SayHints(s, hints)
	return nil
}
