package inventory

import (
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// readTree reads an inventory in the form of Ansible's YAML files: groups by name, each with hosts, vars and children. What
// Ansible passes over with a warning is passed over here too, and noted. See
// https://docs.ansible.com/ansible/latest/collections/ansible/builtin/yaml_inventory.html.
func (r *reader) readTree(file string, root *node) {
	for _, p := range root.pairs {
		r.at = problems.At(file, p.line)
		r.readTreeGroup(p)
	}
}

// readTreeGroup reads a group and what is below it. It returns nil where there is none.
func (r *reader) readTreeGroup(p pair) *group {
	r.at.Line = p.line
	if p.value.kind != mapNode && !p.value.isNull() {
		r.warn("%s is no group: expected a mapping with hosts, vars and children", problems.Show(p.key))
		return nil
	}
	g := r.treeGroup(p)
	if g == nil {
		return nil
	}
	for _, section := range p.value.pairs {
		r.at.Line = section.line
		content, ok := r.sectionOf(g, section)
		if !ok {
			continue
		}
		switch section.key {
		case "vars":
			for _, variable := range content.pairs {
				if r.isVariable(variable) {
					r.setGroupVar(g, variable.key, variable.value.plain())
				}
			}
		case "children":
			for _, child := range content.pairs {
				r.readTreeChild(g, child)
			}
		case "hosts":
			for _, host := range content.pairs {
				r.readTreeHost(g, host)
			}
		}
	}
	return g
}

// treeGroup is the group of that name, which the tree defines.
func (r *reader) treeGroup(p pair) *group {
	r.at.Line = p.line
	if !p.isKey {
		r.problem("expected the name of a group as text, in quotes, instead of %s", problems.Show(p.key))
		return nil
	}
	return r.defineGroup(p.key)
}

// defineGroup returns the group of a name, which may be odd; nil where there are too many entries.
func (r *reader) defineGroup(name string) *group {
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return nil
	}
	g := r.groupCalled(name)
	r.define(g)
	return g
}

// sectionOf returns the pairs of hosts, vars or children; one name alone stands for itself without anything.
func (r *reader) sectionOf(g *group, section pair) (*node, bool) {
	known := section.key == "hosts" || section.key == "vars" || section.key == "children"
	content := section.value
	switch {
	case content.isNull():
		return nil, false
	case !known:
		r.warn("%s is passed over in group %s: a group has hosts, vars and children", problems.Show(section.key), problems.Show(g.name))
		return nil, false
	case content.kind == mapNode:
		return content, true
	}
	if name, ok := content.data.(string); ok {
		alone := pair{key: name, isKey: true, line: section.line, value: &node{line: section.line}}
		return &node{kind: mapNode, pairs: []pair{alone}}, true
	}
	r.problem("expected a mapping as %s of group %s, not %s: each name with a colon behind it, and no dash before it",
		section.key, problems.Show(g.name), content.kind)
	return nil, false
}

func (r *reader) readTreeChild(g *group, p pair) {
	child := r.readTreeGroup(p)
	r.at.Line = p.line
	if child != nil {
		r.addChild(g, child)
	}
}

// addChild puts child under g, and notes where that can't be.
func (r *reader) addChild(g, child *group) {
	switch {
	case g.name == allName && child.name != allName:
		// All has every group; which a file lists in it matters to who lists them.
		if child.name != ungroupedName {
			g.addChild(child)
		}
	case g.name == ungroupedName:
		r.problem("group %q is what no other group has, and can't have children", g.name)
	case child.name == allName || child.name == ungroupedName:
		r.problem("group %q can't be a child of another", child.name)
	default:
		g.addChild(child)
		r.references = append(r.references, reference{group: child, parent: g, at: r.at})
	}
}

func (r *reader) readTreeHost(g *group, p pair) {
	r.at.Line = p.line
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return
	}
	if !p.isKey {
		r.problem("expected the name of a host as text, in quotes, instead of %s", problems.Show(p.key))
		return
	}
	if inline, ok := r.treeVars(p.value); ok {
		r.at.Line = p.line
		r.addHosts(g, p.key, inline)
	}
}

// treeVars reads the variables of a host.
func (r *reader) treeVars(n *node) (vars, bool) {
	if n.kind != mapNode && !n.isNull() {
		r.problem("expected the variables of a host as a mapping, not %s", n.kind)
		return nil, false
	}
	inline := vars{}
	for _, p := range n.pairs {
		r.at.Line = p.line
		if !r.isVariable(p) {
			return nil, false
		}
		inline[p.key] = value{data: p.value.plain(), at: r.at}
	}
	return inline, true
}

// isVariable checks the name of a variable, and notes if it can't be one.
func (r *reader) isVariable(p pair) bool {
	r.at.Line = p.line
	if p.key == "" || !naming.Printable(p.key) {
		r.problem("expected the name of a variable instead of %s", problems.Show(p.key))
		return false
	}
	return true
}
