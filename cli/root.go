package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"sloth-runner/proto"
)

// Main runs the command line and returns the exit status.
func Main(version string, args []string) int {
	findHome()
	proto.QuietTransport()
	streams := &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: environment(), Args: args}
	root := newRoot(streams, version)
	root.SetArgs(args)
	return finish(streams.Err, root.ExecuteContext(context.Background()))
}

// newRoot lists every command.
func newRoot(s *Streams, version string) *cobra.Command {
	root := &cobra.Command{
		Use:           "sloth-runner",
		Short:         "Run the tasks of a Lua file on many hosts in parallel",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          subcommandOnly,
		Args:          cobra.ArbitraryArgs,
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagError)
	addExitCodes(root)
	root.SetHelpCommand(newHelpCommand())
	root.AddCommand(
		newRunCommand(s, version),
		newExecCommand(s, version),
		newRunsCommand(s),
		newInventoryCommand(s),
		newAgentCommand(s, version),
		newMasterCommand(s),
		newOperatorCommand(s),
		newBootstrapCommand(s),
	)
	return root
}
