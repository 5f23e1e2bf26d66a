package results

import (
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// whatNext is the run's ID and what to type next.
func whatNext(r *state.Run, c Options) []string {
	if r.ID == "" {
		return nil
	}
	id := phrase.ShellWord(r.ID)
	run := "Run:   " + layout.Bounded(r.ID, phrase.NameWidth)
	if r.Finished {
		run += " (" + phrase.Duration(r.Duration) + ")"
	}
	again := hostsAgain(r)
	lines := []string{run}
	if !c.NoRecord {
		lines = append(lines, "Logs:  sloth-runner runs logs "+id+" "+hostToRead(r))
	}
	if command := againCommand(r, c, again); command != "" {
		lines = append(lines, "Again: "+command)
	}
	return lines
}

// hostsAgain are the hosts that did not succeed, those in trouble first.
func hostsAgain(r *state.Run) []string {
	var names []string
	for i := len(phrase.InOrderOfInterest) - 1; i >= 0; i-- {
		for _, host := range r.Hosts {
			if host.State == phrase.InOrderOfInterest[i] && host.State != state.Success {
				names = append(names, host.Name)
			}
		}
	}
	return names
}

// hostToRead is the host whose log to look at first: one that ran something, and not to its end.
func hostToRead(r *state.Run) string {
	for _, state := range []state.State{state.Failed, state.Lost} {
		for _, host := range r.Hosts {
			if host.State == state {
				return phrase.ShellWord(host.Name)
			}
		}
	}
	return "HOST"
}
