package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

// Exit codes, as the help texts have them.
const (
	// RunExitCodes are those of commands that run tasks.
	RunExitCodes = `Exit codes:
  0    all went well
  1    a task failed, or its output could not be written
  2    nothing was run: usage, file, inventory, or a name that can't be resolved
  4    hosts were unreachable or lost
  5    both: what 1 says, and what 4 says
  130  interrupted
Treat any other code as a failure.`

	// ExecExitCodes are those of exec; the command's own are in the summary.
	ExecExitCodes = `Exit codes:
  0    the command succeeded on all hosts
  1    it failed on a host, or its output could not be written
  2    nothing was run: usage, script, inventory, or a name that can't be resolved
  4    hosts were unreachable or lost
  5    both: what 1 says, and what 4 says
  130  interrupted
Treat any other code as a failure.`

	RunsExitCodes = `Exit codes:
  0  all well
  2  usage, or no such run or host, or a record that can't be read (whole)`

	AgentStartExitCodes = `Exit codes:
  0  stopped by a signal, or by agent stop
  2  usage, or the agent could not start`

	AgentExitCodes = `Exit codes:
  0  all well
  2  usage, no such agent, or the agent or its master refused or does not answer`

	OperatorExitCodes = `Exit codes:
  0  all well
  2  usage, or the master refused or does not answer`

	MasterExitCodes = `Exit codes:
  0  all well; of start: stopped by a signal
  2  usage, or the master could not start, or refused, or does not answer`

	RevokeExitCodes = `Exit codes:
  0  revoked, and all attached agents have confirmed
  2  usage, or the master refused, or does not answer: nothing was revoked
  4  revoked, and attached agents have not confirmed in time`

	BootstrapExitCodes = `Exit codes:
  0    all went well
  2    nothing was done: usage, inventory, or a name that can't be resolved
  4    hosts were unreachable, or could not do it
  130  interrupted
Treat any other code as a failure.`

	InventoryExitCodes = `Exit codes:
  0  all well
  2  usage, inventory, or a name that can't be resolved`

	otherExitCodes = `Exit codes:
  0  all well
  2  usage`
)

// exitCodesKey is the annotation that has a command's exit codes.
const exitCodesKey = "exit codes"

// EndHelpWith puts the exit codes at the end of a command's help, and of the commands below it that have none.
func EndHelpWith(cmd *cobra.Command, codes string) {
	cmd.Annotations = map[string]string{exitCodesKey: codes}
}

// AddExitCodes makes every help text end with exit codes. (Not with a usage template: text/template keeps the linker
// from leaving out what is never called, which every cold host would pay for.)
func AddExitCodes(root *cobra.Command) {
	plain := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		plain(cmd, args)
		fmt.Fprintln(cmd.OutOrStdout(), "\n"+exitCodes(cmd))
	})
}

// NewHelpCommand is `help COMMAND...`. cobra's own shows the nearest help to a command that is not there.
func NewHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]...",
		Short: "Show the help of a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			named, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0:
				return SubcommandOnly(named, rest)
			}
			named.InitDefaultHelpFlag()
			named.InitDefaultVersionFlag()
			return named.Help()
		},
	}
}

func exitCodes(cmd *cobra.Command) string {
	for ; cmd != nil; cmd = cmd.Parent() {
		if codes, found := cmd.Annotations[exitCodesKey]; found {
			return codes
		}
	}
	return otherExitCodes
}
