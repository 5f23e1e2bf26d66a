package runs

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	diff      bool
}

func newRunsShowCommand(s *command.Streams) *cobra.Command {
	var options runsShowOptions
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show the summary of a run, or its events",
		Long: `Show the summary of a run as the run printed it, or with -o jsonl its events, one a line. Of a single command, all that
it printed is shown. With -v also who ran it, where and how, and how long each host and each task took; with --diff also
what it changed.` + runsSelection,
		Example: `  sloth-runner runs show last
  sloth-runner runs show last -o jsonl | jq .taskFinished`,
		Args:              command.Arguments([]string{"the ID of a run"}, 0),
		ValidArgsFunction: completeRun(s, false),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showRun(cmd.Context(), s, args[0], options)
		},
	}
	cmd.Flags().StringVarP(&options.format, "output", "o", view.TextFormat, "`FORMAT` of the output: "+strings.Join(view.Formats(), " or "))
	cmd.Flags().BoolVar(&options.diff, "diff", false, "show also what was changed on hosts, and unified diffs of texts")
	cmd.Flags().CountVarP(&options.verbosity, "verbose", "v", "show also how the run began, how long hosts and tasks took, and all of every failure")
	return cmd
}

func showRun(ctx context.Context, s *command.Streams, id string, options runsShowOptions) error {
	if err := command.CheckFormat(options.format, view.Formats()...); err != nil {
		return err
	}
	if options.diff && !slices.Contains(view.FormatsWith("diff"), options.format) {
		return fmt.Errorf("--diff is for --output %s", strings.Join(view.FormatsWith("diff"), " or "))
	}
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	config := command.ViewConfig(s, options.verbosity)
	config.Diff = options.diff
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
	if changes, _ := result.Changed(); options.diff && changes > 0 {
		var damaged *journal.DamagedError // it is said at the end
		if err := view.Diffs(config, events(ctx, run)); err != nil && !errors.As(err, &damaged) {
			return err
		}
		if _, err := fmt.Fprintln(s.Out); err != nil {
			return err
		}
	}
	return errors.Join(results.Write(s.Out, config.Options, result), damage)
}

// replay shows the events of a run in a format; of a single command as text, it is what was shown.
func replay(ctx context.Context, format string, config view.Config, run *journal.Run) error {
	return view.Replay(format, config, events(ctx, run))
}

// events gives the events of a run to a function, until it has an error or ctx ends.
func events(ctx context.Context, run *journal.Run) func(func(*proto.Event) error) error {
	return func(show func(*proto.Event) error) error {
		return run.Events(func(e *proto.Event) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return show(e)
		})
	}
}
