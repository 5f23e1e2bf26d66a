package runs

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/journal"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view"
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
	cmd.Flags().StringVarP(&options.format, "output", "o", "text", "`FORMAT` of the output: text or jsonl")
	cmd.Flags().CountVarP(&options.verbosity, "verbose", "v", "show also how the run began, how long hosts and tasks took, and all of every failure")
	return cmd
}

func showRun(ctx context.Context, s *command.Streams, id string, options runsShowOptions) error {
	if err := command.CheckFormat(options.format, "text", "jsonl"); err != nil {
		return err
	}
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	if options.format == "jsonl" {
		return showEvents(ctx, s, run)
	}
	result, damage := run.State()
	if result == nil {
		return damage
	}
	config := command.ViewConfig(s, options.verbosity)
	if options.verbosity > 0 {
		if err := view.History(s.Out, config, result); err != nil {
			return err
		}
	}
	if result.Invocation.GetKind() == reach.KindExec {
		return replay(ctx, config, run, result)
	}
	return errors.Join(view.Summary(s.Out, config, result), damage)
}

// replay shows a single command as it was shown.
func replay(ctx context.Context, config view.Config, run *journal.Run, result *state.Run) error {
	return view.Replay(config, result.Invocation, func(show func(*proto.Event) error) error {
		return run.Events(func(e *proto.Event) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return show(e)
		})
	})
}

func showEvents(ctx context.Context, s *command.Streams, run *journal.Run) error {
	lines := view.NewJSONLines(s.Out, (*proto.Event).Line)
	return run.Events(func(e *proto.Event) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		lines.Event(e)
		return lines.Close()
	})
}
