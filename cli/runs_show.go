package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/journal"
	"sloth-runner/proto"
)

type runsShowOptions struct{ format string }

func newRunsShowCommand(s *Streams) *cobra.Command {
	var options runsShowOptions
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show the summary of a run, or its events",
		Long: `Show the summary of a run as the run printed it, or with -o jsonl its events, one a line.
` + runsSelection + runsExitCodes,
		Example: `  sloth-runner runs show last
  sloth-runner runs show last -o jsonl | jq .taskFinished`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeRun(s, false),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showRun(cmd.Context(), s, args[0], options)
		},
	}
	cmd.Flags().StringVarP(&options.format, "output", "o", "text", "output format: text or jsonl")
	return cmd
}

func showRun(ctx context.Context, s *Streams, id string, options runsShowOptions) error {
	if err := checkFormat(options.format, "text", "jsonl"); err != nil {
		return err
	}
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	if options.format == "jsonl" {
		return showEvents(ctx, s, run)
	}
	result, damage := run.Result()
	if result == nil {
		return damage
	}
	return errors.Join(printSummary(s, result), damage)
}

func showEvents(ctx context.Context, s *Streams, run *journal.Run) error {
	return run.Events(func(e *proto.Event) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := e.Line()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(s.Out, quietJSON(string(line[:len(line)-1])))
		return err
	})
}
