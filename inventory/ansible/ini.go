package ansible

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sloth-runner/internal/closest"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// section is the INI section of a line. It decides how the line is read.
type section struct {
	group *model.Group
	// read is nil in a section with a wrong header: its lines are skipped.
	read func(r *reader, s section, line string)
}

// readINI reads the text of one file.
func (r *reader) readINI(file, text string) {
	current := section{r.inv.Group(model.Ungrouped), (*reader).readHost}
	r.at = problems.Position{File: file}
	text = strings.TrimPrefix(text, "\ufeff") // editors on Windows begin a file with it
	for line := range strings.SplitSeq(text, "\n") {
		r.at.Line++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if r.entriesLeft <= 0 {
			r.problem("more than %d entries in one inventory", maxEntries)
			return
		}
		r.entriesLeft--
		if !utf8.ValidString(line) || strings.ContainsFunc(line, naming.IsControl) {
			r.problem("expected text in UTF-8 without control characters")
			continue
		}
		if header, ok := cutHeader(line); ok {
			current = r.readHeader(header)
			continue
		}
		if current.read != nil {
			current.read(r, current, line)
		}
	}
}

// cutHeader returns the text between the brackets of a section header. A line that begins with a range or with an IPv6
// address in brackets is not a header.
func cutHeader(line string) (string, bool) {
	if line[0] != '[' {
		return "", false
	}
	header, after, closed := strings.Cut(line[1:], "]")
	if !closed {
		return "", true
	}
	after = strings.TrimSpace(after)
	if after != "" && after[0] != '#' && after[0] != ';' {
		return "", false
	}
	if _, err := netip.ParseAddr(header); err == nil {
		return "", false
	}
	return header, true
}

// readHeader begins a section: [group], [group:children] or [group:vars].
func (r *reader) readHeader(header string) section {
	name, kind := splitHeader(header)
	if name == "" {
		r.problem("expected [group], [group:children] or [group:vars]; %s", naming.NameRule)
		return section{}
	}
	if kind != "" && kind != "children" && kind != "vars" {
		r.problem("expected [%s], [%s:children] or [%s:vars]", name, name, name)
		return section{}
	}
	g := r.groupCalled(name)
	switch kind {
	case "":
		r.define(g)
		return section{g, (*reader).readHost}
	case "children":
		if name == model.Ungrouped {
			r.problem("group %q is what no other group has, and can't have children", name)
			return section{}
		}
		r.define(g)
		return section{g, (*reader).readChild}
	default:
		r.references = append(r.references, reference{group: g, at: r.at})
		return section{g, (*reader).readVariable}
	}
}

// splitHeader splits a header into the group and the kind of the section. Text behind the last colon that neither is a
// kind nor looks like a mistyped one is part of the name.
func splitHeader(header string) (name, kind string) {
	if group, last, found := strings.Cut(header, " "); found && slices.Contains([]string{"children", "vars", "hosts"}, last) {
		return group, " " + last // an unknown kind: a space was written instead of the colon
	}
	colon := strings.LastIndexByte(header, ':')
	if colon < 0 {
		return header, ""
	}
	name, kind = header[:colon], header[colon+1:]
	kinds := []string{"children", "vars", "child", "childs", "var", "variables", "host", "hosts", "hostvars", "groupvars", "host_vars", "group_vars"}
	if slices.Contains(kinds, kind) || kind == "" || closest.Match(kind, kinds) != "" {
		return name, kind
	}
	return header, ""
}

// define records that a section defines g. Groups that named g as a child earlier get it now: as in Ansible, the order
// of children is the order in which they are defined.
func (r *reader) define(g *model.Group) {
	g.Defined = true
	for _, parent := range r.waiting[g] {
		parent.AddChild(g)
	}
	delete(r.waiting, g)
}

// readChild reads a line of a :children section.
func (r *reader) readChild(s section, line string) {
	words, err := values.Fields(line)
	switch {
	case err != nil:
		r.problem("%v", err)
	case len(words) == 0:
	case len(words) == 1 && (words[0] == model.All || words[0] == model.Ungrouped):
		r.problem("group %q can't be a child of another", words[0])
	default:
		// Several words are one odd name, if there is a group of that name.
		name := strings.Join(words, " ")
		child := r.inv.EitherGroup(name)
		if child.Defined {
			s.group.AddChild(child)
		} else {
			r.waiting[child] = append(r.waiting[child], s.group)
		}
		r.references = append(r.references, reference{group: child, parent: s.group, at: r.at, words: len(words)})
	}
}

// readVariable reads a line of a :vars section. The value is the text after the first =.
func (r *reader) readVariable(s section, line string) {
	name, text, found := strings.Cut(line, "=")
	name = strings.TrimSpace(name)
	if !found || !isVariable(name) {
		r.problem("expected name=value")
		return
	}
	r.setGroupVar(s.group, name, values.Literal(strings.TrimSpace(text)))
}

// setGroupVar sets a variable of a group. The variable for the priority sets the group's priority, and is not a variable
// of its hosts.
func (r *reader) setGroupVar(g *model.Group, name string, data any) {
	if name == model.PriorityName {
		priority, err := strconv.Atoi(strings.TrimSpace(values.Text(data)))
		if err != nil {
			r.problem("expected a whole number as %s", model.PriorityName)
			return
		}
		g.Priority = priority
		return
	}
	g.SetVar(name, model.Variable{Data: data, At: r.at})
}

func isVariable(name string) bool {
	return name != "" && naming.Printable(name) && !strings.ContainsAny(name, " '\"#;")
}
