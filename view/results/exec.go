package results

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// ExecEnd says which hosts did not succeed and why, and what to type next. It is empty when all succeeded, unless
// Verbosity is set.
func ExecEnd(r *state.Run, c Options) []string {
	if isWell(r) && c.Verbosity == 0 {
		return nil
	}
	run := fmt.Sprintf("Run:   %s (%s): %d of %s succeeded",
		layout.Bounded(r.ID, phrase.NameWidth), phrase.Duration(r.Duration), r.Count(state.Success), phrase.Count(len(r.Hosts), "host"))
	if changes, _ := r.Changed(); changes > 0 || r.DryRun {
		run += "; " + phrase.Changes(changes, r.DryRun)
	}
	next := []string{run}
	if again := execAgain(r, c); again != "" {
		next = append(next, "Again: "+again)
	}
	room := SummaryLines - ScreenLines(next, c.ErrCells())
	if len(r.Hosts) <= PerHost {
		room = 3 * SummaryLines
	}
	if c.Verbosity > 0 {
		room = 1 << 30
	}
	var troubles []string
	if found := execTroubles(r); len(found) > 0 {
		troubles = failuresPart(found, room, c.ErrCells())
	}
	return sections(troubles, next)
}

// execTroubles are the hosts that did not succeed, those of one reason together, the most of them first.
func execTroubles(r *state.Run) []trouble {
	var troubles []trouble
	index := make(map[string]int)
	for _, in := range phrase.InOrderOfInterest {
		for _, host := range r.Hosts {
			if host.State != in || in == state.Success {
				continue
			}
			next := newTrouble(host, in, phrase.EndingOfHost(r, host))
			next.hint = layout.Bounded(host.Failure.GetHint(), phrase.ReasonWidth)
			key := strings.Join([]string{string(in), next.what, next.hint}, "\n")
			if at, known := index[key]; known {
				troubles[at].hosts = append(troubles[at].hosts, host.Name)
				continue
			}
			index[key] = len(troubles)
			troubles = append(troubles, next)
		}
	}
	slices.SortStableFunc(troubles, func(a, b trouble) int { return len(b.hosts) - len(a.hosts) })
	return troubles
}
