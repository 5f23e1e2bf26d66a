package sshconfig

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sloth-runner/internal/glob"
)

// value is the value of one line.
type value struct {
	arguments []string
	at        position
	// expanded says that tokens, ~ and variables are already replaced.
	expanded bool
}

// values are the settings of a host, by keyword.
type values map[string][]value

// evaluation is the state of evaluating the files for one host.
type evaluation struct {
	query Query
	local *Local
	values
	// named says that a Host line matched which does not match every name.
	named bool
	// doubts are the reasons for running the client.
	doubts []string
	// set are the lines whose options this program ignores.
	set []line
}

// evaluate applies the command line, then the files.
func evaluate(q Query, local *Local, c *config) *evaluation {
	e := &evaluation{query: q, local: local, values: values{}, doubts: slices.Clone(c.unsure)}
	if q.User != "" {
		e.values["user"] = []value{{arguments: []string{q.User}, at: commandLine, expanded: true}}
	}
	if q.Port != 0 {
		e.values["port"] = []value{{arguments: []string{strconv.Itoa(q.Port)}, at: commandLine}}
	}
	for _, n := range q.lines {
		e.take(n)
	}
	for _, f := range c.files {
		active := true
		e.file(f, &active, false)
	}
	return e
}

// file applies a file. With never, none of its lines applies, whatever its Host and Match lines say.
func (e *evaluation) file(f *file, active *bool, never bool) {
	for _, n := range f.lines {
		switch n.kind {
		case hostBlock:
			*active = !never && e.matchHost(n.arguments)
		case matchBlock:
			*active = !never && e.matchLine(n)
		case include:
			for _, included := range n.files {
				was := *active
				e.file(included, active, !was)
				*active = was
			}
		default:
			if *active {
				e.take(n)
			}
		}
	}
}

// matchHost reports whether a Host line matches: at least one pattern does, and no pattern with ! does.
func (e *evaluation) matchHost(patterns []string) bool {
	found, named := false, false
	for _, pattern := range patterns {
		pattern, negated := strings.CutPrefix(pattern, "!")
		if !glob.Match(pattern, e.query.Host) {
			continue
		}
		if negated {
			return false
		}
		found = true
		named = named || !everything(pattern)
	}
	e.named = e.named || named
	return found
}

// take applies a line of a block that matches the host.
func (e *evaluation) take(n line) {
	if e.isSet(n) {
		return
	}
	if !followed[n.keyword] {
		e.set = append(e.set, n)
	}
	v := value{arguments: n.arguments, at: n.at}
	switch n.kind {
	case command, jump:
		v.arguments = []string{n.rest}
	case text:
		e.doubt(n)
	}
	e.values[n.keyword] = append(e.values[n.keyword], v)
}

// doubt notes a value that only the client can evaluate.
func (e *evaluation) doubt(n line) {
	switch argument := n.arguments[0]; n.keyword {
	case "canonicalizehostname":
		if yes, err := parseFlag(argument); err != nil || yes {
			e.unsure(n.at, "CanonicalizeHostname")
		}
	case "user": // their meaning depends on the client's version
		if strings.Contains(argument, "%") || strings.Contains(argument, "${") {
			e.unsure(n.at, "User with % or ${")
		}
	}
}

// isSet reports whether an earlier line has set the option.
func (e *evaluation) isSet(n line) bool {
	switch {
	case n.kind == gathered:
		return slices.ContainsFunc(e.values[n.keyword], func(v value) bool { return v.arguments[0] == n.arguments[0] })
	case n.keyword == "sendenv":
		return false
	case n.kind == duration && strings.EqualFold(e.text(n.keyword), "none"):
		// ssh treats none as not set.
		e.values[n.keyword] = nil
		return false
	case n.keyword == "proxyjump":
		return e.values["proxycommand"] != nil || e.values["proxyjump"] != nil
	case n.keyword == "proxycommand":
		// The first of the two counts. But after "ProxyJump none" ssh still accepts a ProxyCommand.
		jumps, _ := parseJumps(e.text("proxyjump"))
		return e.values["proxycommand"] != nil || jumps != nil
	}
	return e.values[n.keyword] != nil
}

// alsoSet adds lines with keywords that the parser has not seen.
func (e *evaluation) alsoSet(lines []line) {
	for _, n := range lines {
		if !slices.ContainsFunc(e.set, func(known line) bool { return known.keyword == n.keyword }) {
			e.set = append(e.set, n)
		}
	}
}

func (e *evaluation) unsure(at position, what string) {
	e.doubts = append(e.doubts, fmt.Sprintf("%s: %s", at, what))
}

// text returns the first argument of a keyword, or "".
func (v values) text(keyword string) string {
	if len(v[keyword]) == 0 {
		return ""
	}
	return v[keyword][0].arguments[0]
}

// user returns the login name as known so far.
func (e *evaluation) user() string { return cmp.Or(e.text("user"), e.local.User) }

// hostName returns the name or address to connect to, as known so far.
func (e *evaluation) hostName() string {
	name := e.text("hostname")
	if name == "" {
		return e.query.Host
	}
	if expanded, err := expandPercent(name, map[byte]string{'h': e.query.Host}); err == nil {
		return expanded
	}
	return name
}
