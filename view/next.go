package view

import (
	"slices"
	"strings"
	"time"

	"sloth-runner/proto"
	"sloth-runner/runner"
)

// againWidth limits the hint on running hosts again; a longer one is the same command for a person.
const againWidth = 400

// whatNext is the run's ID and what to type next.
func whatNext(r *runner.Result, c Config) []string {
	if r.ID == "" {
		return nil
	}
	id := shellWord(r.ID)
	run := "Run:   " + bounded(r.ID, nameWidth)
	if r.Finished {
		run += " (" + duration(r.Duration) + ")"
	}
	again := hostsAgain(r)
	lines := []string{run, "Logs:  sloth-runner runs logs " + id + " " + hostToRead(r)}
	if command := againCommand(r, c, again); command != "" {
		lines = append(lines, "Again: "+command)
	}
	return lines
}

// hostsAgain are the hosts that did not succeed, those in trouble first.
func hostsAgain(r *runner.Result) []string {
	var names []string
	for i := len(inOrderOfInterest) - 1; i >= 0; i-- {
		for _, host := range r.Hosts {
			if host.State == inOrderOfInterest[i] && host.State != runner.Success {
				names = append(names, host.Name)
			}
		}
	}
	return names
}

// hostToRead is the host whose log to look at first: one that ran something, and not to its end.
func hostToRead(r *runner.Result) string {
	for _, state := range []runner.State{runner.Failed, runner.Lost} {
		for _, host := range r.Hosts {
			if host.State == state {
				return shellWord(host.Name)
			}
		}
	}
	return "HOST"
}

// againCommand runs the given hosts again. It is empty when that would say nothing new or more than a person copies. Where
// tasks have hosts of their own, --delegate-to would send every task to all of these: then it is --limit.
func againCommand(r *runner.Result, c Config, hosts []string) string {
	if c.Again == "" || len(hosts) == 0 || len(hosts) == len(r.Hosts) {
		return ""
	}
	option := " --delegate-to "
	ownHosts := func(task *proto.RunTask) bool { return len(task.GetHosts()) != len(r.Hosts) }
	if c.AgainByLimit || slices.ContainsFunc(r.Tasks, ownHosts) {
		option = " --limit "
	}
	command := c.Again
	for _, host := range hosts {
		command += option + shellWord(host)
		if len(command) > againWidth {
			return ""
		}
	}
	return command
}

// shellWord quotes text for a POSIX shell where it needs that. What can't be shown can't be copied either: it is
// escaped.
func shellWord(text string) string {
	text = oneLine(text)
	plain := func(c rune) bool {
		return c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == '@' || c == '+' || c == ',' || c == '%' ||
			'0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	if text != "" && strings.IndexFunc(text, func(c rune) bool { return !plain(c) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
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
