package runs

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/journal"
	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/results"
)

type runsShowOptions struct {
	format    string
	verbosity int
}

func newRunsShowCommand(s *command.Streams) *cobra.Command {
	var options runsShowOptions
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show the summary of a run, or its events",
		Long: `Show the summary of a run as the run printed it, or with -o jsonl its events, one a line. Of a single command, all that
it printed is shown. With -v also who ran it, where and how, and how long each host and each task took.` + runsSelection,
		Example: `  sloth-runner runs show last
  sloth-runner runs show last -o jsonl | jq .taskFinished`,
		Args:              command.Arguments([]string{"the ID of a run"}, 0),
		ValidArgsFunction: completeRun(s, false),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showRun(cmd.Context(), s, args[0], options)
		},
	}
	cmd.Flags().StringVarP(&options.format, "output", "o", view.TextFormat, "`FORMAT` of the output: "+strings.Join(view.Formats(), " or "))
	cmd.Flags().CountVarP(&options.verbosity, "verbose", "v", "show also how the run began, how long hosts and tasks took, and all of every failure")
	return cmd
}

func showRun(ctx context.Context, s *command.Streams, id string, options runsShowOptions) error {
	if err := command.CheckFormat(options.format, view.Formats()...); err != nil {
		return err
	}
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	config := command.ViewConfig(s, options.verbosity)
	if options.format != view.TextFormat {
		return replay(ctx, options.format, config, run)
	}
	result, damage := run.State()
	if result == nil {
		return damage
	}
	if options.verbosity > 0 {
		if err := results.History(s.Out, config.Options, result); err != nil {
			return err
		}
	}
	if result.Invocation.GetKind() == reach.KindExec {
		config.Exec, config.Gathered = true, result.Invocation.GetGathered()
		return replay(ctx, options.format, config, run)
	}
	return errors.Join(results.Write(s.Out, config.Options, result), damage)
}

// replay shows the events of a run in a format; of a single command as text, it is what was shown.
func replay(ctx context.Context, format string, config view.Config, run *journal.Run) error {
	return view.Replay(format, config, func(show func(*proto.Event) error) error {
		return run.Events(func(e *proto.Event) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return show(e)
		})
	})
}
