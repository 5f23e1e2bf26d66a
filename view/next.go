package view

import (
	"time"

	"sloth-runner/internal/shell"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// whatNext is the run's ID and what to type next.
func whatNext(r *state.Run, c Config) []string {
	if r.ID == "" {
		return nil
	}
	id := shellWord(r.ID)
	run := "Run:   " + layout.Bounded(r.ID, nameWidth)
	if r.Finished {
		run += " (" + duration(r.Duration) + ")"
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
	for i := len(inOrderOfInterest) - 1; i >= 0; i-- {
		for _, host := range r.Hosts {
			if host.State == inOrderOfInterest[i] && host.State != state.Success {
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
				return shellWord(host.Name)
			}
		}
	}
	return "HOST"
}

// shellWord quotes text for a POSIX shell where it needs that. What can't be shown can't be copied either: it is
// escaped.
func shellWord(text string) string {
	return shell.Type(layout.OneLine(text))
}

// duration is d as people say it: "45ms", "12.3s", "1m5s".
func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
