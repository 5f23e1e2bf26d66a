package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"sloth-runner/internal/fault"
	"sloth-runner/runner"
)

// printSummary prints what became of a run.
func printSummary(s *Streams, r *runner.Result) error {
	var rows [][]string
	for _, host := range r.Hosts {
		rows = append(rows, []string{host.Name, string(host.State), hostDetail(host)})
	}
	if err := printTable(s.Out, []string{"HOST", "STATUS", "DETAILS"}, rows); err != nil {
		return err
	}
	end := "unfinished"
	if r.Finished {
		end = fmt.Sprintf("%s, exit status %d", r.Duration.Round(100*time.Millisecond), r.ExitStatus)
	}
	_, err := fmt.Fprintf(s.Out, "\nRun: %s (%s)\n", escape(r.ID), end)
	return err
}

func hostDetail(host *runner.HostResult) string {
	if host.Failure != nil {
		return fault.StageName(host.Failure.GetStage()) + ": " + host.Failure.GetReason()
	}
	if len(host.Tasks) == 0 {
		return ""
	}
	last := host.Tasks[len(host.Tasks)-1]
	return last.Name + ": " + last.Finished.GetMessage()
}

func printTable(w io.Writer, titles []string, rows [][]string) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, row := range append([][]string{titles}, rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = escape(strings.ReplaceAll(cell, "\t", " "))
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

// escape makes text from elsewhere safe to print in a line. Tabs stay.
func escape(text string) string {
	var safe strings.Builder
	for _, part := range strings.SplitAfter(text, "\t") {
		part, tab := strings.CutSuffix(part, "\t")
		quoted := strconv.Quote(part)
		if strings.ContainsAny(part, `"\`) {
			quoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted)
		}
		safe.WriteString(quoted[1 : len(quoted)-1])
		if tab {
			safe.WriteByte('\t')
		}
	}
	return safe.String()
}

// quietJSON escapes what a terminal would act on or hide. In JSON such characters are in strings only.
func quietJSON(text string) string {
	var safe strings.Builder
	for _, r := range text {
		if r != '\n' && r <= 0xffff && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			fmt.Fprintf(&safe, `\u%04x`, r)
			continue
		}
		safe.WriteRune(r)
	}
	return safe.String()
}
