package sshconfig

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sloth-runner/internal/glob"
)

// value is what a line said for a keyword.
type value struct {
	arguments []string
	at        position
	// expanded says that tokens, ~ and variables are already replaced.
	expanded bool
}

// values are what holds for a host, by keyword.
type values map[string][]value

// evaluation goes through the lines for one host.
type evaluation struct {
	query Query
	local *Local
	values
	// named says that a Host line fits, which does not fit every name.
	named bool
	// doubts are why the client should be asked.
	doubts []string
	// set are the lines whose options nothing here follows.
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

// file applies a file. Where never is set, no line of it counts, whatever its blocks say.
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

// matchHost is for Host: one pattern fits, and none with ! in front.
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

// take applies a line that holds for the host.
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

// doubt asks the client where a value brings about more than the reader follows.
func (e *evaluation) doubt(n line) {
	switch argument := n.arguments[0]; n.keyword {
	case "canonicalizehostname":
		if yes, err := parseFlag(argument); err != nil || yes {
			e.unsure(n.at, "CanonicalizeHostname")
		}
	case "user": // whether these mean something depends on the client's version
		if strings.Contains(argument, "%") || strings.Contains(argument, "${") {
			e.unsure(n.at, "User with % or ${")
		}
	}
}

// isSet reports whether an earlier line has decided already.
func (e *evaluation) isSet(n line) bool {
	switch {
	case n.kind == gathered:
		return slices.ContainsFunc(e.values[n.keyword], func(v value) bool { return v.arguments[0] == n.arguments[0] })
	case n.keyword == "sendenv":
		return false
	case n.kind == duration && strings.EqualFold(e.text(n.keyword), "none"):
		// ssh keeps none as if nothing had been said.
		e.values[n.keyword] = nil
		return false
	case n.keyword == "proxyjump":
		return e.values["proxycommand"] != nil || e.values["proxyjump"] != nil
	case n.keyword == "proxycommand":
		// The first of the two counts; but behind "ProxyJump none" ssh still takes a command.
		jumps, _ := parseJumps(e.text("proxyjump"))
		return e.values["proxycommand"] != nil || jumps != nil
	}
	return e.values[n.keyword] != nil
}

// alsoSet adds lines whose keywords the reader did not see set.
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

// text returns the first argument for a keyword, or "".
func (v values) text(keyword string) string {
	if len(v[keyword]) == 0 {
		return ""
	}
	return v[keyword][0].arguments[0]
}

// user is the login name as far as is known.
func (e *evaluation) user() string { return cmp.Or(e.text("user"), e.local.User) }

// hostName is the name or address to connect to as far as is known.
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
