package inventory

import (
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// A dynamic inventory is what a program prints when it is called with --list: groups by name, and under _meta the
// variables of each host. `ansible-inventory --list` prints the same. See
// https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html#developing-inventory-scripts.

const metaKey = "_meta"

// isDynamic reports whether a file has that form, and not the one of an inventory in YAML: what was saved of a program's
// output. Ansible does not read such files.
func isDynamic(root *node) bool {
	if !root.isJSON {
		return false
	}
	for _, p := range root.pairs {
		if p.key == metaKey || p.value.kind == listNode {
			return true
		}
		for _, section := range []string{"hosts", "children"} {
			if n := p.value.get(section); n != nil && n.kind == listNode {
				return true
			}
		}
	}
	return false
}

// readDynamic reads such an inventory. The result are the hosts whose variables it does not give, because there is no
// _meta in it with hostvars.
func (r *reader) readDynamic(file string, root *node) (without []*host) {
	d := dynamic{reader: r, seen: map[*host]bool{}}
	var hostVars *node
	for _, p := range root.pairs {
		r.at = problems.At(file, p.line)
		if p.key == metaKey {
			hostVars = p.value.get("hostvars")
			continue
		}
		d.group(p)
	}
	if hostVars == nil {
		return d.hosts
	}
	if hostVars.kind != mapNode {
		r.at.Line = hostVars.line
		r.problem("expected a mapping as hostvars, not %s", hostVars.kind)
		return nil
	}
	for _, p := range hostVars.pairs {
		if h := r.inv.hostNamed(p.key); h != nil && d.seen[h] {
			r.setHostVars(h, p.value)
		}
	}
	return nil
}

// setHostVars gives a host further variables.
func (r *reader) setHostVars(h *host, n *node) {
	r.at.Line = n.line
	if set, ok := r.treeVars(n); ok && len(set) > 0 {
		h.addVars(set)
	}
}

// dynamic is one such inventory.
type dynamic struct {
	reader *reader
	hosts  []*host
	seen   map[*host]bool
}

func (d *dynamic) group(p pair) {
	r := d.reader
	g := r.treeGroup(p)
	if g == nil {
		return
	}
	content := p.value
	hosts, variables, children := content.get("hosts"), content.get("vars"), content.get("children")
	switch {
	case content.kind == listNode:
		hosts = content
	case content.kind != mapNode:
		r.problem("expected group %s as a mapping or a list, not %s", problems.Show(g.name), content.kind)
		return
	case hosts == nil && variables == nil && children == nil:
		// The group is a host of the same name, and has these variables.
		alone := &node{data: g.name, line: p.line}
		hosts, variables = &node{kind: listNode, line: p.line, items: []*node{alone}}, content
	}
	for _, item := range d.list("hosts", hosts) {
		d.host(g, item)
	}
	if variables != nil && variables.kind != mapNode {
		r.at.Line = variables.line
		r.problem("expected a mapping as vars of group %s, not %s", problems.Show(g.name), variables.kind)
	} else if variables != nil {
		for _, variable := range variables.pairs {
			if r.isVariable(variable) {
				r.setGroupVar(g, variable.key, variable.value.plain())
			}
		}
	}
	for _, item := range d.list("children", children) {
		r.at.Line = item.line
		name, ok := item.data.(string)
		if !ok {
			r.problem("expected the name of a group as text in the children of group %s", problems.Show(g.name))
			continue
		}
		if child := r.defineGroup(name); child != nil {
			r.addChild(g, child)
		}
	}
}

// list returns the items of a list that may be missing.
func (d *dynamic) list(what string, n *node) []*node {
	if n == nil {
		return nil
	}
	if n.kind != listNode {
		d.reader.at.Line = n.line
		d.reader.problem("expected a list as %s, not %s", what, n.kind)
		return nil
	}
	return n.items
}

func (d *dynamic) host(g *group, item *node) {
	r := d.reader
	r.at.Line = item.line
	if r.entriesLeft--; r.entriesLeft < 0 {
		r.problem("more than %d entries in one inventory", maxEntries)
		return
	}
	name, ok := item.data.(string)
	if !ok {
		r.problem("expected the name of a host as text in the list of group %s", problems.Show(g.name))
		return
	}
	if err := naming.CheckHost(name); err != nil {
		r.passOver("host", name, err)
		return
	}
	r.addHost(g, name, 0, nil)
	if h := r.inv.hostNamed(name); !d.seen[h] {
		d.seen[h] = true
		d.hosts = append(d.hosts, h)
	}
}
