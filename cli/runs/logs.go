package runs

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/journal"
	"sloth-runner/view"
)

func newRunsLogsCommand(s *command.Streams) *cobra.Command {
	var raw bool
	cmd := &cobra.Command{
		Use:   "logs ID [HOST]",
		Short: "Show all that a run printed, on one host or on all",
		Long: `Show all that a run printed on one host, or host by host, each line with its host in front.

Lines that begin with "# " and a time say what the run did there; all others are what commands printed. Colours are left
out of these, and other control characters are shown as \x1b, which no terminal obeys. With --raw every byte is as it
came: a host can write whatever it likes to a terminal that shows that.` + runsSelection,
		Example: `  sloth-runner runs logs last web-1
  sloth-runner runs logs last web-1 --raw >web-1.log
  sloth-runner runs logs last | grep -i error`,
		Args:              command.Arguments([]string{"the ID of a run"}, 1),
		ValidArgsFunction: completeRun(s, true),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return showLogs(cmd.Context(), s, args[0], raw)
			}
			return showHostLog(cmd.Context(), s, args[0], args[1], raw)
		},
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "print every byte as the host wrote it")
	return cmd
}

func showHostLog(ctx context.Context, s *command.Streams, id, host string, raw bool) error {
	run, err := openRun(s, id)
	if err != nil {
		return err
	}
	return printHostLog(ctx, s, run, host, "", raw)
}

// showLogs goes on when the log of a host can't be read.
func showLogs(ctx context.Context, s *command.Streams, id string, raw bool) error {
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
		err := printHostLog(ctx, s, run, host, prefix(host), raw)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func printHostLog(ctx context.Context, s *command.Streams, run *journal.Run, host, prefix string, raw bool) error {
	log, err := run.Log(host)
	if err != nil {
		return err
	}
	defer log.Close()
	return view.HostLog(ctx, s.Out, log, prefix, !raw)
}
