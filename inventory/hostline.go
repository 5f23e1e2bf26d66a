package inventory

import (
	"strings"
)

// readHost reads a host line: a host or a range of hosts, perhaps with a port, and variables.
func (r *reader) readHost(s section, line string) {
	words, err := fields(line)
	if err != nil {
		r.problem("%v", err)
		return
	}
	if len(words) == 0 {
		return
	}
	if inline, ok := r.readInline(words); ok {
		r.addHosts(s.group, words[0], inline)
	}
}

// addHosts lists the hosts that a pattern stands for in g, each with the same variables.
func (r *reader) addHosts(g *group, pattern string, inline vars) {
	names, err := expand(pattern, r.entriesLeft+1)
	if err != nil {
		r.problem("%v", err)
		return
	}
	r.entriesLeft -= len(names) - 1
	firstPort := 0
	for i, name := range names {
		host, port, err := splitHostPort(name)
		if err != nil {
			r.problem("expected a host, perhaps with :port, instead of %s: %v", show(name), err)
			return
		}
		if i == 0 {
			firstPort = port
		}
		if port != firstPort {
			r.problem("a range can't be in the port of %s", show(pattern))
			return
		}
		r.addHost(g, host, port, inline)
	}
}

// readInline reads the variables of a host line, all words but the first. Messages never show a value: it may be
// a part of a password with spaces that somebody forgot to quote.
func (r *reader) readInline(words []string) (vars, bool) {
	inline := vars{}
	before := "the host"
	for _, word := range words[1:] {
		name, text, found := strings.Cut(word, "=")
		if !found || !isVariable(name) {
			r.problem("expected name=value after %s; a value with spaces needs quotes", before)
			return nil, false
		}
		inline[name] = value{data: literal(text), at: r.at}
		before = show(name)
	}
	return inline, true
}

// addHost lists a host in g and gives it variables. The port that stands behind its name counts where the host is first
// named, as in Ansible, and is weaker than a variable that says the same.
func (r *reader) addHost(g *group, name string, port int, inline vars) {
	isNew := r.inv.hosts[name] == nil
	h := r.inv.host(name)
	g.addHost(h)
	if isNew && port != 0 {
		h.vars = append(h.vars, vars{portName: value{data: int64(port), at: r.at}})
	}
	if len(inline) > 0 {
		h.vars = append(h.vars, inline)
	}
}
