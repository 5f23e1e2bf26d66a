package results

import (
	"slices"
	"strings"
	"unicode"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

const (
	// mostNamed is the longest command that names each host by itself, in bytes: it is the plainest.
	mostNamed = 400
	// mostTyped is the longest command at all. A terminal takes 4096 bytes in a line.
	mostTyped = 2000
)

// againCommand runs the given hosts again, and those that their tasks wait for: without these, barriers would be skipped. It
// is empty when that would say nothing new. Where tasks have hosts of their own, --delegate-to would send every task to all of
// these: then it is --limit.
func againCommand(r *state.Run, c Options, hosts []string) string {
	if len(hosts) == len(r.Hosts) {
		return ""
	}
	option := " --delegate-to "
	ownHosts := func(job *state.Job) bool { return len(job.Hosts) != len(r.Hosts) }
	if c.AgainByLimit || slices.ContainsFunc(r.Jobs, ownHosts) {
		option = " --limit "
	}
	hosts = append(hosts, r.WaitedFor(hosts)...)
	each := ""
	for _, host := range hosts {
		each += option + phrase.ShellWord(host)
	}
	return againOn(c, hosts, each, option)
}

// execAgain runs the same command on the hosts that did not succeed.
func execAgain(r *state.Run, c Options) string {
	hosts := hostsAgain(r)
	if len(hosts) == len(r.Hosts) {
		return ""
	}
	return againOn(c, hosts, " "+phrase.ShellWord(strings.Join(hosts, ",")), " ")
}

// againOn is the command that runs hosts again: each of them is named, or with option all of them as ranges, or the file
// that has their names. What it has can be pasted as it stands.
func againOn(c Options, hosts []string, each, option string) string {
	if c.Again == "" || c.AgainGone != nil && c.AgainGone() || len(hosts) == 0 || !canPaste(c.Again+c.AgainEnd) {
		return ""
	}
	words := []string{each}
	if !slices.ContainsFunc(hosts, isPattern) {
		words = append(words, option+phrase.ShellWord(strings.Join(layout.Fold(hosts), ",")))
		if c.AgainFile != "" && canPaste(c.AgainFile) {
			words = append(words, option+phrase.ShellWord("@"+c.AgainFile))
		}
	}
	most := mostNamed
	for _, word := range words {
		if command := c.Again + word + c.AgainEnd; len(command) <= most {
			return command
		}
		most = max(mostTyped, len(c.Again)+len(c.AgainEnd)+mostNamed)
	}
	return ""
}

// canPaste reports whether a command is on the screen as it is, so that what is copied there is the command. Newlines are
// within quotes.
func canPaste(command string) bool {
	for line := range strings.SplitSeq(command, "\n") {
		if layout.Escape(line) != line {
			return false
		}
	}
	return true
}

// isPattern reports whether a name could match other hosts in a list of hosts, or have a meaning of its own in a file of
// hosts. Only the characters of usual host names, addresses and users are known to be safe.
func isPattern(name string) bool {
	return strings.HasPrefix(name, "@") || strings.HasPrefix(name, "~") || strings.ContainsFunc(name, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c) && !strings.ContainsRune("-_.:/@[]%+^~", c)
	})
}
