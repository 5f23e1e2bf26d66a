package inventory

import (
	"strconv"
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
	names, err := expand(words[0], r.entriesLeft+1)
	if err != nil {
		r.problem("%v", err)
		return
	}
	r.entriesLeft -= len(names) - 1
	inline, ok := r.readInline(words)
	if !ok {
		return
	}
	firstPort := 0
	for i, name := range names {
		host, port, err := splitHostPort(name)
		if err != nil {
			r.problem("expected a host, perhaps with :port, instead of %s: %v", show(name), err)
			return
		}
		if i == 0 {
			firstPort = port
			r.setPort(inline, port)
		}
		if port != firstPort {
			r.problem("a range can't be in the port of %s", show(words[0]))
			return
		}
		r.addHost(s.group, host, inline)
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
		inline[name] = value{text: literal(text), at: r.at}
		before = show(name)
	}
	return inline, true
}

// setPort adds the port that stands behind the host; a variable in the line that says the same goes first.
func (r *reader) setPort(inline vars, port int) {
	if _, given := inline[portName]; !given && port != 0 {
		inline[portName] = value{text: strconv.Itoa(port), at: r.at}
	}
}

func (r *reader) addHost(g *group, name string, inline vars) {
	h := r.inv.host(name)
	g.addHost(h)
	if len(inline) > 0 {
		h.vars = append(h.vars, inline)
	}
}
