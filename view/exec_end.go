package view

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner"
)

// execEnd says which hosts did not succeed and why, and what to type next; nothing when all is well and nobody wants
// to know more.
func execEnd(r *runner.Result, c Config) []string {
	if isWell(r) && c.Verbosity == 0 {
		return nil
	}
	run := fmt.Sprintf("Run:   %s (%s): %d of %s succeeded",
		bounded(r.ID, nameWidth), duration(r.Duration), r.Count(runner.Success), count(len(r.Hosts), "host"))
	next := []string{run}
	if again := execAgain(r, c); again != "" {
		next = append(next, "Again: "+again)
	}
	room := summaryLines - screenLines(next, c.errWidth())
	if len(r.Hosts) <= perHost {
		room = 3 * summaryLines
	}
	if c.Verbosity > 0 {
		room = 1 << 30
	}
	var troubles []string
	if found := execTroubles(r); len(found) > 0 {
		troubles = failuresPart(found, room, c.errWidth())
	}
	return sections(troubles, next)
}

// execTroubles are the hosts that did not succeed, those of one reason together, the most of them first.
func execTroubles(r *runner.Result) []trouble {
	var troubles []trouble
	index := make(map[string]int)
	for _, state := range inOrderOfInterest {
		for _, host := range r.Hosts {
			if host.State != state || state == runner.Success {
				continue
			}
			next := newTrouble(host, state, endingOfHost(r, host))
			next.hint = bounded(host.Failure.GetHint(), reasonWidth)
			key := strings.Join([]string{string(state), next.what, next.hint}, "\n")
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

// endingOfHost is how the only task of a host ended, without what it printed; or what became of the host else.
func endingOfHost(r *runner.Result, host *runner.HostResult) string {
	if failed := failedTasks(host); host.State == runner.Failed && len(failed) == 1 {
		finished := failed[0].Finished
		return taskWhy(&proto.TaskFinished{
			Message: finished.GetMessage(), ExitCode: finished.ExitCode, Signal: finished.GetSignal(),
		})
	}
	return detail(r, host)
}
