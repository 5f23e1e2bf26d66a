package cli

import (
	"context"
	"os"
	"os/user"

	"github.com/spf13/cobra"
)

// Main runs the command line and returns the exit status.
func Main(version string, args []string) int {
	findHome()
	streams := &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}
	root := newRoot(streams, version)
	root.SetArgs(args)
	return finish(streams.Err, root.ExecuteContext(context.Background()))
}

// findHome sets HOME from the account where it is not set, as under cron and systemd: keys, known hosts, caches and records
// are there, and ssh finds them without HOME too.
func findHome() {
	if os.Getenv("HOME") != "" {
		return
	}
	if account, err := user.Current(); err == nil && account.HomeDir != "" {
		// Where it can't be set, what needs it says so.
		_ = os.Setenv("HOME", account.HomeDir)
	}
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
		newBootstrapCommand(s),
	)
	return root
}
