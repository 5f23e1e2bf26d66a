package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/journal"
	"sloth-runner/runner"
)

type runsListOptions struct{ format string }

func newRunsListCommand(s *Streams) *cobra.Command {
	var options runsListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the runs, the newest first",
		Long: `List the runs, the newest first.

A run is finished, interrupted, running, cut-off (its process ended before it did), or damaged (its record can't be
read whole).
` + runsExitCodes,
		Aliases:           []string{"ls"},
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return listRuns(cmd.Context(), s, options) },
	}
	cmd.Flags().StringVarP(&options.format, "output", "o", "table", "output format: table or json")
	return cmd
}

// listRuns prints what can be read even when something can't.
func listRuns(_ context.Context, s *Streams, options runsListOptions) error {
	if err := checkFormat(options.format, "table", "json"); err != nil {
		return err
	}
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return err
	}
	runs, unread := journal.List(dir)
	if options.format == "json" {
		err = printRunsAsJSON(s, runs)
	} else {
		err = printRuns(s, dir, runs)
	}
	return errors.Join(err, unread)
}

func printRunsAsJSON(s *Streams, runs []journal.Entry) error {
	if runs == nil {
		runs = []journal.Entry{} // [] and not null
	}
	data, err := json.MarshalIndent(runs, "", "  ")
	if err != nil {
		return fmt.Errorf("encode list of runs: %w", err)
	}
	_, err = fmt.Fprintln(s.Out, quietJSON(string(data)))
	return err
}

func printRuns(s *Streams, dir string, runs []journal.Entry) error {
	if len(runs) == 0 {
		_, err := fmt.Fprintf(s.Err, "no runs in %s\n", escape(dir))
		return err
	}
	titles := []string{"RUN", "STARTED", "TOOK", "STATUS", "EXIT", "HOSTS", "FILE"}
	var rows [][]string
	for _, run := range runs {
		took, exit := "-", "-"
		if run.Status == journal.Finished {
			took = time.Duration(run.Seconds * float64(time.Second)).Round(100 * time.Millisecond).String()
			exit = strconv.Itoa(run.ExitStatus)
		}
		rows = append(rows, []string{
			run.ID, run.Started.Local().Format(time.DateTime), took, runStatus(run), exit, hostStates(run.Hosts), run.File,
		})
	}
	return printTable(s.Out, titles, rows)
}

func runStatus(run journal.Entry) string {
	if run.Status == journal.Finished && run.Interrupted {
		return "interrupted"
	}
	return string(run.Status)
}

// hostStates is "18 success, 2 lost".
func hostStates(hosts map[runner.State]int) string {
	var parts []string
	for _, state := range runner.States {
		if n := hosts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ", ")
}
