package ansible

import (
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// readTree reads an inventory in the format of Ansible's YAML files: groups by name, each with hosts, vars and children.
// What Ansible skips with a warning is skipped here with a warning too. See
// https://docs.ansible.com/ansible/latest/collections/ansible/builtin/yaml_inventory.html.
func (r *reader) readTree(file string, root *values.Node) {
	for _, p := range root.Pairs {
		r.at = problems.At(file, p.Line)
		r.readTreeGroup(p)
	}
}

// readTreeGroup reads a group and its content. It returns nil if the pair is not a group.
func (r *reader) readTreeGroup(p values.Pair) *model.Group {
	r.at.Line = p.Line
	if p.Value.Kind != values.Map && !p.Value.IsNull() {
		r.warn("%s is no group: expected a mapping with hosts, vars and children", problems.Show(p.Key))
		return nil
	}
	g := r.treeGroup(p)
	if g == nil {
		return nil
	}
	for _, section := range p.Value.Pairs {
		r.at.Line = section.Line
		content, ok := r.sectionOf(g, section)
		if !ok {
			continue
		}
		switch section.Key {
		case "vars":
			for _, variable := range content.Pairs {
				if r.isVariable(variable) {
					r.setGroupVar(g, variable.Key, variable.Value.Plain())
				}
			}
		case "children":
			for _, child := range content.Pairs {
				r.readTreeChild(g, child)
			}
		case "hosts":
			for _, host := range content.Pairs {
				r.readTreeHost(g, host)
			}
		}
	}
	return g
}

// treeGroup returns the group with the name of the pair, and marks it as defined.
func (r *reader) treeGroup(p values.Pair) *model.Group {
	r.at.Line = p.Line
	if !p.IsKey {
		r.problem("expected the name of a group as text, in quotes, instead of %s", problems.Show(p.Key))
		return nil
	}
	return r.defineGroup(p.Key)
}

// defineGroup defines and returns the group with that name, which may be odd. It returns nil when there are too many
// entries.
func (r *reader) defineGroup(name string) *model.Group {
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return nil
	}
	g := r.groupCalled(name)
	r.define(g)
	return g
}

// sectionOf returns the pairs of hosts, vars or children. A single name stands for a mapping of that name to nothing.
func (r *reader) sectionOf(g *model.Group, section values.Pair) (*values.Node, bool) {
	known := section.Key == "hosts" || section.Key == "vars" || section.Key == "children"
	content := section.Value
	switch {
	case content.IsNull():
		return nil, false
	case !known:
		r.warn("%s is passed over in group %s: a group has hosts, vars and children", problems.Show(section.Key), problems.Show(g.Name))
		return nil, false
	case content.Kind == values.Map:
		return content, true
	}
	if name, ok := content.Data.(string); ok {
		alone := values.Pair{Key: name, IsKey: true, Line: section.Line, Value: &values.Node{Line: section.Line}}
		return &values.Node{Kind: values.Map, Pairs: []values.Pair{alone}}, true
	}
	r.problem("expected a mapping as %s of group %s, not %s: each name with a colon behind it, and no dash before it",
		section.Key, problems.Show(g.Name), content.Kind)
	return nil, false
}

func (r *reader) readTreeChild(g *model.Group, p values.Pair) {
	child := r.readTreeGroup(p)
	r.at.Line = p.Line
	if child != nil {
		r.addChild(g, child)
	}
}

// addChild makes child a child of g, or warns if it can't be one.
func (r *reader) addChild(g, child *model.Group) {
	switch {
	case g.Name == model.All && child.Name != model.All:
		// The group all contains every group. Which of them a file lists in it only changes the order of lists.
		if child.Name != model.Ungrouped {
			g.AddChild(child)
		}
	case g.Name == model.Ungrouped:
		r.problem("group %q is what no other group has, and can't have children", g.Name)
	case child.Name == model.All || child.Name == model.Ungrouped:
		r.problem("group %q can't be a child of another", child.Name)
	default:
		g.AddChild(child)
		r.references = append(r.references, reference{group: child, parent: g, at: r.at})
	}
}

func (r *reader) readTreeHost(g *model.Group, p values.Pair) {
	r.at.Line = p.Line
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return
	}
	if !p.IsKey {
		r.problem("expected the name of a host as text, in quotes, instead of %s", problems.Show(p.Key))
		return
	}
	if inline, ok := r.treeVars(p.Value); ok {
		r.at.Line = p.Line
		r.addHosts(g, p.Key, inline)
	}
}

// treeVars returns the variables of a host.
func (r *reader) treeVars(n *values.Node) (model.Vars, bool) {
	if n.Kind != values.Map && !n.IsNull() {
		r.problem("expected the variables of a host as a mapping, not %s", n.Kind)
		return nil, false
	}
	inline := model.Vars{}
	for _, p := range n.Pairs {
		r.at.Line = p.Line
		if !r.isVariable(p) {
			return nil, false
		}
		inline[p.Key] = model.Variable{Data: p.Value.Plain(), At: r.at}
	}
	return inline, true
}

// isVariable checks the name of a variable, and warns if it is not valid.
func (r *reader) isVariable(p values.Pair) bool {
	r.at.Line = p.Line
	if p.Key == "" || !naming.Printable(p.Key) {
		r.problem("expected the name of a variable instead of %s", problems.Show(p.Key))
		return false
	}
	return true
}
