package ansible

import (
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// A dynamic inventory is the output of a program that was called with --list: groups by name, and the variables of each
// host under _meta. `ansible-inventory --list` prints the same format. See
// https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html#developing-inventory-scripts.

const metaKey = "_meta"

// isDynamic reports whether root has the format of a dynamic inventory, as in a file with the saved output of a program,
// and not that of a YAML inventory. Ansible does not read such files.
func isDynamic(root *values.Node) bool {
	if !root.IsJSON {
		return false
	}
	for _, p := range root.Pairs {
		if p.Key == metaKey || p.Value.Kind == values.List {
			return true
		}
		for _, section := range []string{"hosts", "children"} {
			if n := p.Value.Get(section); n != nil && n.Kind == values.List {
				return true
			}
		}
	}
	return false
}

// readDynamic reads a dynamic inventory. Without _meta.hostvars it returns the hosts, whose variables are still unknown.
func (r *reader) readDynamic(file string, root *values.Node) (without []*model.Host) {
	d := dynamic{reader: r, seen: map[*model.Host]bool{}}
	var hostVars *values.Node
	for _, p := range root.Pairs {
		r.at = problems.At(file, p.Line)
		if p.Key == metaKey {
			hostVars = p.Value.Get("hostvars")
			continue
		}
		d.group(p)
	}
	if hostVars == nil {
		return d.hosts
	}
	if hostVars.Kind != values.Map {
		r.at.Line = hostVars.Line
		r.problem("expected a mapping as hostvars, not %s", hostVars.Kind)
		return nil
	}
	for _, p := range hostVars.Pairs {
		if h := r.inv.Host(p.Key); h != nil && d.seen[h] {
			r.setHostVars(h, p.Value)
		}
	}
	return nil
}

// setHostVars adds variables to a host.
func (r *reader) setHostVars(h *model.Host, n *values.Node) {
	r.at.Line = n.Line
	if set, ok := r.treeVars(n); ok && len(set) > 0 {
		h.AddVars(set)
	}
}

// dynamic is the state of reading one dynamic inventory.
type dynamic struct {
	reader *reader
	hosts  []*model.Host
	seen   map[*model.Host]bool
}

func (d *dynamic) group(p values.Pair) {
	r := d.reader
	g := r.treeGroup(p)
	if g == nil {
		return
	}
	content := p.Value
	hosts, variables, children := content.Get("hosts"), content.Get("vars"), content.Get("children")
	switch {
	case content.Kind == values.List:
		hosts = content
	case content.Kind != values.Map:
		r.problem("expected group %s as a mapping or a list, not %s", problems.Show(g.Name), content.Kind)
		return
	case hosts == nil && variables == nil && children == nil:
		// A group that has neither hosts, children nor vars is a host of the same name, as in Ansible.
		alone := &values.Node{Data: g.Name, Line: p.Line}
		hosts, variables = &values.Node{Kind: values.List, Line: p.Line, Items: []*values.Node{alone}}, content
	}
	for _, item := range d.list("hosts", hosts) {
		d.host(g, item)
	}
	if variables != nil && variables.Kind != values.Map {
		r.at.Line = variables.Line
		r.problem("expected a mapping as vars of group %s, not %s", problems.Show(g.Name), variables.Kind)
	} else if variables != nil {
		for _, variable := range variables.Pairs {
			if r.isVariable(variable) {
				r.setGroupVar(g, variable.Key, variable.Value.Plain())
			}
		}
	}
	for _, item := range d.list("children", children) {
		r.at.Line = item.Line
		name, ok := item.Data.(string)
		if !ok {
			r.problem("expected the name of a group as text in the children of group %s", problems.Show(g.Name))
			continue
		}
		if child := r.defineGroup(name); child != nil {
			r.addChild(g, child)
		}
	}
}

// list returns the items of a list, which may be missing.
func (d *dynamic) list(what string, n *values.Node) []*values.Node {
	if n == nil {
		return nil
	}
	if n.Kind != values.List {
		d.reader.at.Line = n.Line
		d.reader.problem("expected a list as %s, not %s", what, n.Kind)
		return nil
	}
	return n.Items
}

func (d *dynamic) host(g *model.Group, item *values.Node) {
	r := d.reader
	r.at.Line = item.Line
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return
	}
	name, ok := item.Data.(string)
	if !ok {
		r.problem("expected the name of a host as text in the list of group %s", problems.Show(g.Name))
		return
	}
	if err := naming.CheckHost(name); err != nil {
		r.passOver("host", name, err)
		return
	}
	r.addHost(g, name, 0, nil)
	if h := r.inv.Host(name); !d.seen[h] {
		d.seen[h] = true
		d.hosts = append(d.hosts, h)
	}
}
