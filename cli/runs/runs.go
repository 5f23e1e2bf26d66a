package runs

import (
	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/journal"
	"sloth-runner/view/layout"
)

const runsSelection = `

ID is a run's, or the beginning of it or of its last part, or "last".`

func New(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "Show what past runs did",
		Long: `Show what past runs did, and what those that go on have done so far.

Each run leaves a record in $XDG_STATE_HOME/sloth-runner/runs (~/.local/state/sloth-runner/runs): its events, and all
that its commands printed.`,
		RunE: command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Runs)
	cmd.AddCommand(newRunsListCommand(s), newRunsShowCommand(s), newRunsLogsCommand(s))
	return cmd
}

// openRun finds the run that a user means.
func openRun(s *command.Streams, id string) (*journal.Run, error) {
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return nil, err
	}
	return journal.Open(dir, id)
}

// completeRun completes the ID of a run, and after it, where hosts is set, the name of one of its hosts.
func completeRun(s *command.Streams, hosts bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var words []cobra.Completion
		switch {
		case len(args) == 0:
			dir, err := journal.Dir(s.Getenv)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			runs, _ := journal.List(dir) // what can be read of it is worth completing
			for _, run := range runs {
				words = append(words, cobra.CompletionWithDesc(run.ID, layout.Escape(run.File)))
			}
		case len(args) == 1 && hosts:
			run, err := openRun(s, args[0])
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			names, _ := run.Hosts()
			for _, name := range names {
				words = append(words, layout.Escape(name))
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}
