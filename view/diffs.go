package view

import (
	"fmt"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/changes"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// diffs shows what tasks change, each task once it has ended on all of its hosts.
type diffs struct {
	config *Config
	folded changes.Folded
}

// add takes a change of a task that its host has, if changes are shown.
func (d *diffs) add(r *state.Run, e *proto.Event) {
	if host := r.Host(e.GetHost()); d.config.Diff && host != nil && host.Task(e.Ref()) != nil {
		d.folded.Add(e)
	}
}

// of returns the lines about a task.
func (d *diffs) of(r *state.Run, job *state.Job, p prefixes) []string {
	all, left := d.folded.Take(job.TaskRef)
	var lines []string
	for _, change := range all {
		lines = append(lines, changeLines(r, job, change, p)...)
	}
	if left.Changes > 0 {
		lines = append(lines, p.change(phrase.FirstOf(left.Host, "others"), d.leftOut(r, left)))
	}
	return lines
}

// all returns the lines about the tasks that have not been shown.
func (d *diffs) all(r *state.Run, p prefixes) []string {
	var lines []string
	for _, job := range r.Jobs {
		lines = append(lines, d.of(r, job, p)...)
	}
	return lines
}

func (d *diffs) leftOut(r *state.Run, left changes.Left) string {
	text := fmt.Sprintf("… there is no room for %s here", phrase.Count(left.Changes, "more change"))
	if d.config.NoRecord {
		return text
	}
	return text + ": `sloth-runner runs show " + phrase.ShellWord(r.ID) + " -o jsonl` has all"
}

// changeLines are a change and its diff, with the host in front or, where it is the same on several, their number.
func changeLines(r *state.Run, job *state.Job, change *changes.Change, p prefixes) []string {
	head, name := change.Words(r.DryRun), change.Hosts[0]
	if len(r.Jobs) > 1 {
		head = "task '" + phrase.TaskName(r, job.TaskRef) + "' " + head
	}
	head = layout.Bounded(head, phrase.FailureWidth)
	if len(change.Hosts) > 1 {
		name = phrase.Count(len(change.Hosts), "host")
		head = phrase.FoldedNames(change.Hosts, phrase.ReasonWidth) + ": " + head
	}
	lines := []string{p.change(name, head)}
	inHunk := false
	for line := range strings.Lines(change.GetDiff()) {
		inHunk = inHunk || strings.HasPrefix(line, "@@")
		lines = append(lines, p.change(name, p.diffLine(strings.TrimSuffix(line, "\n"), inHunk)))
	}
	if change.GetDiffCut() {
		lines = append(lines, p.change(name, "… the rest of the diff is left out, as it is longer than 64 KiB"))
	}
	return lines
}

// diffLine is a line of a unified diff in its colour. Escape would leave out control sequences: what differs in them only
// would look the same.
func (p prefixes) diffLine(line string, inHunk bool) string {
	text := layout.Escape(strings.ReplaceAll(line, "\x1b", `\x1b`))
	switch {
	case !inHunk:
		return p.paint(layout.Bold, text)
	case strings.HasPrefix(line, "@@"):
		return p.paint(layout.Cyan, text)
	case strings.HasPrefix(line, "+"):
		return p.paint(layout.Green, text)
	case strings.HasPrefix(line, "-"):
		return p.paint(layout.Red, text)
	}
	return text
}

// Diffs writes what a run changed, from the events that replay gives, as the run shows it with Config.Diff.
func Diffs(c Config, replay func(func(*proto.Event) error) error) error {
	c.Diff = true
	var run state.Run
	var p prefixes
	d := diffs{config: &c}
	err := replay(func(e *proto.Event) error {
		if started := e.GetRunStarted(); started != nil {
			p = newPrefixes(started.GetHosts(), c.Color)
		}
		var lines []string
		for _, task := range run.Apply(e) {
			if task.Job.IsComplete() {
				lines = append(lines, d.of(&run, task.Job, p)...)
			}
		}
		if e.GetChange() != nil {
			d.add(&run, e)
		}
		return layout.WriteLines(c.Out, lines)
	})
	if last := layout.WriteLines(c.Out, d.all(&run, p)); err == nil {
		err = last
	}
	return err
}
