package results

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// trouble is a failure of one host as a person needs it, or the very same of several.
type trouble struct {
	state state.State
	hosts []string
	// exact is the reason of a single host; what is the same without its address, so that hosts can be compared.
	exact string
	// what is the task or stage with its reason; hint what to do about it; said the last lines of stderr or, with
	// -v, the traceback, with their marks.
	what, hint string
	said       []string
}

// saidLines is the most lines of stderr for one trouble.
const saidLines = 10

// troublesOf collects what failed, the same of several hosts as one, and what is the same on the most hosts first.
func troublesOf(r *state.Run, verbosity int) []trouble {
	var troubles []trouble
	index := make(map[string]int)
	for _, state := range phrase.InOrderOfInterest {
		for _, host := range r.Hosts {
			if host.State != state {
				continue
			}
			for _, next := range troublesOfHost(r, host, verbosity) {
				key := strings.Join(append([]string{string(next.state), next.what, next.hint}, next.said...), "\n")
				if at, known := index[key]; known {
					troubles[at].hosts = append(troubles[at].hosts, host.Name)
					continue
				}
				index[key] = len(troubles)
				troubles = append(troubles, next)
			}
		}
	}
	slices.SortStableFunc(troubles, func(a, b trouble) int { return len(b.hosts) - len(a.hosts) })
	return troubles
}

// troublesOfHost has one for each failed task, whatever became of the host then, and one for the host itself where
// it is the trouble.
func troublesOfHost(r *state.Run, host *state.Host, verbosity int) []trouble {
	var troubles []trouble
	failed := phrase.FailedTasks(host)
	for _, task := range failed {
		what := "task '" + phrase.TaskName(r, task.Job.TaskRef) + "': " + phrase.TaskWhy(task.Finished)
		troubles = append(troubles, newTrouble(host, state.Failed, what))
		troubles[len(troubles)-1].said = saidBy(task.Finished, verbosity)
	}
	switch host.State {
	case state.Unreachable, state.Lost:
		troubles = append(troubles, newTrouble(host, host.State, phrase.Detail(r, host)))
	case state.Failed:
		if len(failed) == 0 || host.Failure != nil {
			troubles = append(troubles, newTrouble(host, host.State, phrase.FailureText(host.Failure)))
		}
	}
	if n := len(troubles); n > 0 {
		troubles[n-1].hint = layout.Bounded(host.Failure.GetHint(), phrase.ReasonWidth)
	}
	return troubles
}

func newTrouble(host *state.Host, state state.State, what string) trouble {
	return trouble{state: state, hosts: []string{host.Name}, exact: what, what: phrase.WithoutAddress(what, host)}
}

func saidBy(finished *proto.TaskFinished, verbosity int) []string {
	var said []string
	for _, line := range phrase.LastLines(finished.GetStderrTail(), saidLines) {
		said = append(said, "   ! "+layout.Cut(layout.Escape(line), phrase.ReasonWidth))
	}
	if verbosity > 0 {
		for _, line := range phrase.LastLines([]byte(finished.GetTraceback()), 10*saidLines) {
			said = append(said, "   | "+layout.Cut(layout.Escape(line), phrase.ReasonWidth))
		}
	}
	return said
}

// failuresPart writes the troubles on at most room lines of a screen of that width: what and why first, then hints,
// then as many last lines of stderr as fit, the same number for each.
func failuresPart(troubles []trouble, room, width int) []string {
	hidden := troubles[min(len(troubles), max(room, 1)):]
	troubles = troubles[:len(troubles)-len(hidden)]
	hints, tail := true, saidLines*saidLines
	if ScreenLines(failureLines(troubles, hints, 0), width) > room {
		hints = false
	}
	for tail > 0 && ScreenLines(failureLines(troubles, hints, tail), width) > room {
		tail--
	}
	lines := failureLines(troubles, hints, tail)
	if len(hidden) > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more on %s (-v shows them)", len(hidden), phrase.AllNames(hostsOf(hidden))))
	}
	return lines
}

func hostsOf(troubles []trouble) []string {
	var names []string
	for _, t := range troubles {
		names = append(names, t.hosts...)
	}
	return names
}

func (t trouble) reason() string {
	if len(t.hosts) == 1 {
		return t.exact
	}
	return t.what
}

// failureLines are the troubles with their last lines of stderr. A hint that is the same for several in a row, as that for
// unknown host keys, stands once, below them.
func failureLines(troubles []trouble, hints bool, tail int) []string {
	var lines []string
	for i, t := range troubles {
		lines = append(lines, phrase.Mark(t.state)+" "+phrase.AllNames(t.hosts)+": "+t.reason())
		lines = append(lines, t.said[max(0, len(t.said)-tail):]...)
		goesOn := i+1 < len(troubles) && troubles[i+1].hint == t.hint
		if hints && t.hint != "" && !goesOn {
			lines = append(lines, "   hint: "+t.hint)
		}
	}
	return lines
}

// ScreenLines is how many lines of a screen the lines take, when those that are too wide go on in the next one.
func ScreenLines(lines []string, width int) int {
	n := len(lines)
	for _, line := range lines {
		if width > 0 {
			n += max(0, layout.Width(line)-1) / width
		}
	}
	return n
}
