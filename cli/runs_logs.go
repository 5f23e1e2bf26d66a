package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sloth-runner/journal"
	"sloth-runner/view"
)

func newRunsLogsCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "logs ID [HOST]",
		Short: "Show all that a run printed, on one host or on all",
		Long: `Show all that a run printed on one host, or host by host, each line with its host in front.

Output stands as the commands wrote it. Lines that begin with "# " and a time say what the run did there. On a terminal
control sequences are shown and not obeyed; into a file or pipe goes every byte as it came.` + runsSelection,
		Example: `  sloth-runner runs logs last web-1
  sloth-runner runs logs last web-1 | less -R
  sloth-runner runs logs last | grep -i error`,
		Args:              arguments([]string{"the ID of a run"}, 1),
		ValidArgsFunction: completeRun(s, true),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return showLogs(cmd.Context(), s, args[0])
			}
			return showHostLog(cmd.Context(), s, args[0], args[1])
		},
	}
}

func showHostLog(ctx context.Context, s *Streams, id, host string) error {
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	return printHostLog(ctx, s, run, host, "")
}

// showLogs goes on when the log of a host can't be read.
func showLogs(ctx context.Context, s *Streams, id string) error {
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	hosts, err := run.Hosts()
	if err != nil {
		return err
	}
	prefix := view.Prefixes(hosts)
	var errs []error
	for _, host := range hosts {
		err := printHostLog(ctx, s, run, host, prefix(host))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func printHostLog(ctx context.Context, s *Streams, run *journal.Run, host, prefix string) error {
	log, err := run.Log(host)
	if err != nil {
		return err
	}
	defer log.Close()
	return printLog(ctx, s.Out, log, prefix, isTerminal(s.Out))
}
