package inventory

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// value is the text of a variable and where it was set.
type value struct {
	text string
	at   position
	// from is the group or the host that has it, as far as that is known.
	from string
}

// vars are variables by name.
type vars map[string]value

// priorityName is the variable that orders groups of the same depth. Not given, it is 1.
const priorityName = "ansible_group_priority"

// variables are those that hold for h.
func (inv *Inventory) variables(h *host) vars {
	merged := vars{}
	for _, g := range inv.groupsOf(h) {
		merged.add(g.vars, g.name)
	}
	for _, set := range h.vars {
		merged.add(set, h.name)
	}
	return merged
}

// add overrides v by those of a group or a host.
func (v vars) add(set vars, from string) {
	for name, value := range set {
		value.from = from
		v[name] = value
	}
}

// groupsOf are the groups that h is in, directly or not, from the weakest to the strongest.
func (inv *Inventory) groupsOf(h *host) []*group {
	groups := []*group{inv.groups[allName]}
	if len(h.groups) == 0 {
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
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.priority(), b.priority()), cmp.Compare(a.name, b.name))
	})
	return groups
}

// priority is the group's ansible_group_priority, which Read has checked.
func (g *group) priority() int {
	if set, ok := g.vars[priorityName]; ok {
		n, _ := strconv.Atoi(set.text)
		return n
	}
	return 1
}

// isSecret reports whether a variable is a password: Ansible has them in ansible_password, ansible_ssh_pass,
// ansible_become_pass and the like.
func isSecret(name string) bool {
	return strings.HasPrefix(name, "ansible_") && strings.Contains(name, "pass")
}

// forTasks are the variables that tasks may see. Passwords stay on the operator's machine.
func (v vars) forTasks() map[string]any {
	texts := make(map[string]any, len(v))
	for name, value := range v {
		if !isSecret(name) {
			texts[name] = value.text
		}
	}
	return texts
}
