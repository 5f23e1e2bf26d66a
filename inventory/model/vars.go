package model

import (
	"cmp"
	"slices"
	"strings"

	"sloth-runner/inventory/problems"
)

// Variable is a variable's value and where it was set.
type Variable struct {
	// Data is the value; see values.Node.
	Data any
	At   problems.Position
	// from is the name of the group or the host that has the variable, if it is known.
	from string
}

// Vars maps names to variables.
type Vars map[string]Variable

// PriorityName is the variable that orders groups of the same depth. Its default is 1.
const PriorityName = "ansible_group_priority"

// layer is a set of variables of a host or of one of its groups.
type layer struct {
	vars Vars
	from string
}

// layers returns the variables that hold for h, from the weakest to the strongest: those of its groups in the inventory
// files, those of group_vars by source and then by group, and in the same way those of the host. This is Ansible's
// order: group_vars of a parent override a file's variables of its child. See
// https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence.
func (inv *Inventory) layers(h *Host) []layer {
	groups := inv.groupsOf(h)
	layers := make([]layer, 0, len(groups)+len(h.vars))
	for _, g := range groups {
		layers = append(layers, layer{g.vars, g.Name})
	}
	// group_vars/all is weaker than the files of any other group, in all sources.
	for _, beside := range inv.beside {
		layers = append(layers, layer{beside.Groups[All], All})
	}
	for _, beside := range inv.beside {
		for _, g := range groups[1:] {
			layers = append(layers, layer{beside.Groups[g.Name], g.Name})
		}
	}
	for _, set := range h.vars {
		layers = append(layers, layer{set, h.Name})
	}
	for _, beside := range inv.beside {
		layers = append(layers, layer{beside.Hosts[h.Name], h.Name})
	}
	return slices.DeleteFunc(layers, func(l layer) bool { return len(l.vars) == 0 })
}

// Variables returns the variables that hold for h.
func (inv *Inventory) Variables(h *Host) Vars {
	merged := Vars{}
	for _, layer := range inv.layers(h) {
		for name, value := range layer.vars {
			value.from = layer.from
			merged[name] = value
		}
	}
	return merged
}

// groupsOf returns the groups of h, direct and indirect, from the weakest to the strongest. The first is all.
func (inv *Inventory) groupsOf(h *Host) []*Group {
	var groups []*Group
	if !h.isGrouped() {
		groups = append(groups, inv.groups[Ungrouped])
	}
	seen := map[*Group]bool{}
	for above := h.groups; len(above) > 0; {
		var next []*Group
		for _, g := range above {
			if !seen[g] {
				seen[g] = true
				groups = append(groups, g)
				next = append(next, g.parents...)
			}
		}
		above = next
	}
	slices.SortFunc(groups, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Name, b.Name))
	})
	return slices.Insert(groups, 0, inv.groups[All])
}

// IsSecret reports whether a variable is a password or a key. Ansible's are ansible_password, ansible_ssh_pass,
// ansible_become_pass, ansible_ssh_private_key and similar names.
func IsSecret(name string) bool {
	if !strings.HasPrefix(name, "ansible_") {
		return false
	}
	return strings.Contains(name, "pass") || strings.Contains(name, "secret") || strings.Contains(name, "token") ||
		strings.HasSuffix(name, "private_key")
}

// staysHere reports whether a variable is not sent to tasks: secrets, and arguments of ssh, which may contain a secret
// in a command.
func staysHere(name string) bool {
	return IsSecret(name) || strings.HasPrefix(name, "ansible_") && strings.HasSuffix(name, "_args")
}

// PortName is the variable that gets the port behind a host's name.
const PortName = "ansible_port"
