package runs

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/journal"
	"sloth-runner/runner/state"
	"sloth-runner/view"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

type runsListOptions struct{ format string }

func newRunsListCommand(s *command.Streams) *cobra.Command {
	var options runsListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the runs, the newest first",
		Long: `List the runs, the newest first.

A run is finished, interrupted, running, cut-off (its process ended before it did), or damaged (its record can't be
read whole).`,
		Aliases:           []string{"ls"},
		Args:              command.NoArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return listRuns(cmd.Context(), s, options) },
	}
	cmd.Flags().StringVarP(&options.format, "output", "o", "table", "`FORMAT` of the output: table or json")
	return cmd
}

// listRuns prints what can be read even when something can't.
func listRuns(_ context.Context, s *command.Streams, options runsListOptions) error {
	if err := command.CheckFormat(options.format, "table", "json"); err != nil {
		return err
	}
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return err
	}
	runs, unread := journal.List(dir)
	if options.format == "json" {
		err = view.JSON(s.Out, append([]journal.Entry{}, runs...)) // [] and not null
	} else {
		err = printRuns(s, dir, runs)
	}
	return errors.Join(err, unread)
}

func printRuns(s *command.Streams, dir string, runs []journal.Entry) error {
	if len(runs) == 0 {
		_, err := fmt.Fprintf(s.Err, "no runs in %s\n", layout.Escape(dir))
		return err
	}
	columns := []layout.Column{
		{Title: "RUN"}, {Title: "STARTED"}, {Title: "TOOK"}, {Title: "STATUS"}, {Title: "EXIT"}, {Title: "HOSTS"}, {Title: "FILE"},
	}
	var rows [][]string
	for _, run := range runs {
		took, exit := "-", "-"
		if run.Status == journal.Finished {
			took = time.Duration(run.Seconds * float64(time.Second)).Round(100 * time.Millisecond).String()
			exit = strconv.Itoa(run.ExitStatus)
		}
		rows = append(rows, []string{
			run.ID, run.Started.Local().Format(time.DateTime), took, runStatus(run), exit, ends(run), run.File,
		})
	}
	return layout.List(s.Out, 0, columns, rows)
}

func runStatus(run journal.Entry) string {
	if run.Status == journal.Finished && run.Interrupted {
		return "interrupted"
	}
	return string(run.Status)
}

// ends is "18 success, 2 lost; 3 changed".
func ends(run journal.Entry) string {
	var parts []string
	for _, state := range state.States {
		if n := run.Hosts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	text := strings.Join(parts, ", ")
	if changes := phrase.Changes(run.Changed, run.DryRun); changes != "" {
		text = strings.TrimPrefix(text+"; "+changes, "; ")
	}
	if text == "" {
		return "-"
	}
	return text
}
