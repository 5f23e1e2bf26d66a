package operators

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/view/layout"
)

func newOperatorMastersCommand(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "masters",
		Short: "List under which addresses this machine looks for its masters",
		Long: `List under which addresses this machine looks for its masters: the one that answered last is first. Those that were named here,
when joining or with "operator masters set", stay; others are what the masters say.`,
		Args: command.NoArguments,
		RunE: func(*cobra.Command, []string) error { return listMasters(s) },
	}
	cmd.AddCommand(newOperatorMastersSetCommand(s))
	return cmd
}

func listMasters(s *command.Streams) error {
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	width := 0
	for _, address := range known.Masters() {
		width = max(width, len(address))
	}
	for _, address := range known.Masters() {
		from := "said by the master"
		if slices.Contains(known.Named(), address) {
			from = "named here"
		}
		if _, err := fmt.Fprintf(s.Out, "%-*s  %s\n", width, layout.Escape(address), from); err != nil {
			return err
		}
	}
	return nil
}

func newOperatorMastersSetCommand(s *command.Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "set ADDRESS...",
		Short:   "Look for the masters under these addresses, and under those that they say",
		Long:    `Look for the masters under these addresses, and under those that they say, for instance since a master has moved.`,
		Example: "  sloth-runner operator masters set master.example.com:50053",
		Args:    command.Arguments([]string{"the address of a master"}, command.ManyArguments),
		RunE:    func(cmd *cobra.Command, args []string) error { return setMasters(cmd.Context(), s, args) },
	}
}

func setMasters(ctx context.Context, s *command.Streams, addresses []string) error {
	addresses, err := reach.WithPorts(addresses)
	if err != nil {
		return err
	}
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	if err := known.SetMasters(addresses); err != nil {
		return err
	}
	answers, err := known.Answering(ctx)
	if err != nil {
		// It may be one that is not there yet.
		_, err = fmt.Fprintf(s.Err, "warning: no master answers there: %s\n", layout.Escape(err.Error()))
		return err
	}
	_, err = fmt.Fprintf(s.Out, "the master at %s answers\n", layout.Escape(answers))
	return err
}
