package ansible

import (
	"cmp"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// readHost reads a host line: a host or a range of hosts, an optional port, and variables.
func (r *reader) readHost(s section, line string) {
	words, err := values.Fields(line)
	if err != nil {
		r.problem("%v", err)
		return
	}
	if len(words) == 0 {
		return
	}
	if r.isOddLine(words) {
		return
	}
	if inline, ok := r.readInline(words); ok {
		r.addHosts(s.group, words[0], inline)
	}
}

// maxOddWords is the maximum number of unquoted words in an odd name. A line with more is text from a wrong file, or a
// value without its quotes.
const maxOddWords = 4

// isOddLine reports whether a host line names no host: it begins with an odd name of several words, which is recorded,
// or with a variable.
func (r *reader) isOddLine(words []string) bool {
	if name, _, found := strings.Cut(words[0], "="); found && strings.HasPrefix(name, "ansible_") {
		r.problem("expected a host in front of the variable %s; those of a group stand in [group:vars]", problems.Show(name))
		return true
	}
	n := slices.IndexFunc(words[1:], func(word string) bool { return strings.Contains(word, "=") }) + 1
	if n == 0 {
		n = len(words)
	}
	if n == 1 || n > maxOddWords || naming.CheckName(words[0]) != nil {
		return false
	}
	// A variable without a value is a problem and not a part of a name. Otherwise the host would be missing without an
	// error.
	if slices.ContainsFunc(words[1:n], func(word string) bool { return strings.HasPrefix(word, "ansible_") }) {
		return false
	}
	name := strings.Join(words[:n], " ")
	r.passOver("host", name, naming.CheckName(name))
	return true
}

// patternPlain removes the characters that a host pattern may have in addition to a name.
var patternPlain = strings.NewReplacer("[", "", "]", "", ":", "")

// addHosts adds the hosts that pattern expands to to g. Each gets the same variables.
func (r *reader) addHosts(g *model.Group, pattern string, inline model.Vars) {
	names, err := naming.Expand(pattern, r.entriesLeft+1)
	if err != nil {
		// A wrong range is a problem, unless the rest of the pattern can't be a name either: then it is an odd name.
		if odd := naming.CheckName(patternPlain.Replace(pattern)); odd != nil && len(pattern) <= naming.MaxPattern {
			r.passOver("host", pattern, odd)
			return
		}
		r.problem("%v", err)
		return
	}
	r.entriesLeft -= len(names) - 1
	firstPort := 0
	for i, name := range names {
		host, port, err := naming.SplitHostPort(name)
		if naming.IsBadName(err) {
			r.passOver("host", name, cmp.Or(naming.CheckName(name), err))
			continue
		}
		if err != nil {
			r.problem("expected a host, perhaps with :port, instead of %s: %v", problems.Show(name), err)
			return
		}
		if i == 0 {
			firstPort = port
		}
		if port != firstPort {
			r.problem("a range can't be in the port of %s", problems.Show(pattern))
			return
		}
		r.addHost(g, host, port, inline)
	}
}

// readInline reads the variables of a host line: all words but the first. Messages never contain a value, which may be
// part of an unquoted password with spaces.
func (r *reader) readInline(words []string) (model.Vars, bool) {
	inline := model.Vars{}
	before := "the host"
	for _, word := range words[1:] {
		name, text, found := strings.Cut(word, "=")
		if !found || !isVariable(name) {
			r.problem("expected name=value after %s; a value with spaces needs quotes", before)
			return nil, false
		}
		inline[name] = model.Variable{Data: values.Literal(text), At: r.at}
		before = problems.Show(name)
	}
	return inline, true
}

// addHost adds a host to g and sets its variables. As in Ansible, a port behind its name counts only where the host is
// named first, and is weaker than a variable with a port.
func (r *reader) addHost(g *model.Group, name string, port int, inline model.Vars) {
	isNew := r.inv.Host(name) == nil
	h := r.inv.AddHost(name)
	g.AddHost(h)
	if isNew && port != 0 {
		h.AddVars(model.Vars{model.PortName: model.Variable{Data: int64(port), At: r.at}})
	}
	if len(inline) > 0 {
		h.AddVars(inline)
	}
}
