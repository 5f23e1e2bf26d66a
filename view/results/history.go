package results

import (
	"io"
	"strconv"
	"strings"
	"time"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// History writes what the record of a run has beside what the run showed: how it began, and how long each host and each task
// on it took.
func History(w io.Writer, c Options, r *state.Run) error {
	began := beginning(r)
	times := timesTable(r, c.Cells())
	return layout.WriteLines(w, sections(began, times, []string{""}))
}

// beginning says who ran what, when and where.
func beginning(r *state.Run) []string {
	i := r.Invocation
	var lines []string
	for _, fact := range [][2]string{
		{"Command:   ", commandLine(i.GetCommand())},
		{"Started:   ", r.Started.Local().Format(time.DateTime)},
		{"User:      ", layout.OneLine(i.GetUser())},
		{"Directory: ", layout.OneLine(i.GetDirectory())},
		{"File:      ", withDigest(layout.OneLine(r.File), i.GetFileDigest())},
		{"Inventory: ", withDigest(layout.OneLine(strings.Join(i.GetInventory(), ", ")), i.GetInventoryDigest())},
	} {
		if fact[1] != "" {
			lines = append(lines, fact[0]+fact[1])
		}
	}
	return lines
}

func commandLine(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, phrase.ShellWord(word))
	}
	return strings.Join(quoted, " ")
}

func withDigest(text, digest string) string {
	if text == "" || digest == "" {
		return text
	}
	return text + " (sha256 " + layout.OneLine(digest) + ")"
}

// timesTable has a row for each host, and one for each of its tasks that was started or settled.
func timesTable(r *state.Run, width int) []string {
	var rows [][]string
	for _, host := range r.Hosts {
		name := layout.Bounded(host.Name, phrase.NameWidth)
		rows = append(rows, []string{name, "", string(host.State), took(host.Duration), number(host.Changed())})
		for _, task := range host.Tasks {
			how, long := "unknown", ""
			if finished := task.Finished; finished != nil {
				how, long = string(task.State), took(finished.GetDuration().AsDuration())
			}
			rows = append(rows, []string{name, phrase.TaskName(r, task.Job.TaskRef), how, long, number(task.Changed)})
		}
	}
	header := []string{"Host", "Task", "Ended", "Took"}
	if changes, are := changesInAll(r); are {
		header = append(header, changes[0])
	}
	return layout.TableLines(width, header, rows)
}

// number is n, or nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// took is a duration, or nothing where there was none.
func took(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return phrase.Duration(d)
}
