package inventory

import (
	"cmp"
	"slices"
	"strings"

	"sloth-runner/inventory/problems"
)

// value is a variable's value and where it was set.
type value struct {
	// data is what it stands for; see node.
	data any
	at   problems.Position
	// from is the group or the host that has it, as far as that is known.
	from string
}

// vars are variables by name.
type vars map[string]value

// priorityName is the variable that orders groups of the same depth. Not given, it is 1.
const priorityName = "ansible_group_priority"

// layer is a set of variables of a host or of one of its groups.
type layer struct {
	vars vars
	from string
}

// layers are the variables that hold for h, from the weakest to the strongest: those of its groups as the inventory files
// have them, those of group_vars by source and in it by group, and in the same way its own. That is Ansible's order: what
// group_vars says of a parent beats what a file says of its child. See
// https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence.
func (inv *contents) layers(h *host) []layer {
	groups := inv.groupsOf(h)
	layers := make([]layer, 0, len(groups)+len(h.vars))
	for _, g := range groups {
		layers = append(layers, layer{g.vars, g.name})
	}
	// The file of all is weaker than those of any group, whatever their sources.
	for _, beside := range inv.beside {
		layers = append(layers, layer{beside.groups[allName], allName})
	}
	for _, beside := range inv.beside {
		for _, g := range groups[1:] {
			layers = append(layers, layer{beside.groups[g.name], g.name})
		}
	}
	for _, set := range h.vars {
		layers = append(layers, layer{set, h.name})
	}
	for _, beside := range inv.beside {
		layers = append(layers, layer{beside.hosts[h.name], h.name})
	}
	return slices.DeleteFunc(layers, func(l layer) bool { return len(l.vars) == 0 })
}

// variables are those that hold for h.
func (inv *contents) variables(h *host) vars {
	merged := vars{}
	for _, layer := range inv.layers(h) {
		for name, value := range layer.vars {
			value.from = layer.from
			merged[name] = value
		}
	}
	return merged
}

// groupsOf are the groups that h is in, directly or not, from the weakest to the strongest; all is the first.
func (inv *contents) groupsOf(h *host) []*group {
	var groups []*group
	if !h.isGrouped() {
		groups = append(groups, inv.groups[ungroupedName])
	}
	seen := map[*group]bool{}
	for above := h.groups; len(above) > 0; {
		var next []*group
		for _, g := range above {
			if !seen[g] {
				seen[g] = true
				groups = append(groups, g)
				next = append(next, g.parents...)
			}
		}
		above = next
	}
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.priority, b.priority), cmp.Compare(a.name, b.name))
	})
	return slices.Insert(groups, 0, inv.groups[allName])
}

// isSecret reports whether a variable is a password or a key: Ansible has them in ansible_password, ansible_ssh_pass,
// ansible_become_pass, ansible_ssh_private_key and the like.
func isSecret(name string) bool {
	if !strings.HasPrefix(name, "ansible_") {
		return false
	}
	return strings.Contains(name, "pass") || strings.Contains(name, "secret") || strings.Contains(name, "token") ||
		strings.HasSuffix(name, "private_key")
}

// staysHere reports whether tasks get no such variable: secrets, and arguments of ssh, which may have some in a command.
func staysHere(name string) bool {
	return isSecret(name) || strings.HasPrefix(name, "ansible_") && strings.HasSuffix(name, "_args")
}

// portName is the variable in which a port behind a host's name ends up.
const portName = "ansible_port"
