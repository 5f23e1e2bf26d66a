package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"sloth-runner/cli/agents"
	"sloth-runner/cli/bootstraps"
	"sloth-runner/cli/command"
	"sloth-runner/cli/inventories"
	"sloth-runner/cli/masters"
	"sloth-runner/cli/operators"
	"sloth-runner/cli/runs"
	"sloth-runner/proto"
)

// Main runs the command line and returns the exit status.
func Main(version string, args []string) int {
	command.FindHome()
	proto.QuietTransport()
	streams := &command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: command.Environment(), Args: args}
	root := newRoot(streams, version)
	root.SetArgs(args)
	return command.Finish(streams.Err, root.ExecuteContext(context.Background()))
}

// newRoot lists every command.
func newRoot(s *command.Streams, version string) *cobra.Command {
	root := &cobra.Command{
		Use:           "sloth-runner",
		Short:         "Run the tasks of a Lua file on many hosts in parallel",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          command.SubcommandOnly,
		Args:          cobra.ArbitraryArgs,
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(command.FlagError)
	command.SetHelp(root, s.Out)
	root.SetHelpCommand(command.NewHelpCommand())
	root.AddCommand(
		newRunCommand(s, version),
		newExecCommand(s, version),
		newPushCommand(s, version),
		newPullCommand(s, version),
		runs.New(s),
		inventories.New(s),
		agents.New(s, version),
		masters.New(s),
		operators.New(s),
		bootstraps.New(s),
	)
	return root
}
