package inventory

import "slices"

// Groups with odd names are shown to nobody: in lists, what is in one is in the groups above it.

// named replaces the odd ones among some groups by those that next finds beside them, each once.
func named(groups []*group, next func(*group) []*group) []*group {
	if !slices.ContainsFunc(groups, isOddGroup) {
		return groups
	}
	var result []*group
	seen := map[*group]bool{}
	var add func([]*group)
	add = func(groups []*group) {
		for _, g := range groups {
			switch {
			case seen[g]:
			case !g.odd:
				seen[g] = true
				result = append(result, g)
			default:
				seen[g] = true
				add(next(g))
			}
		}
	}
	add(groups)
	return result
}

func isOddGroup(g *group) bool { return g.odd }

func childrenOf(g *group) []*group { return g.children }

func parentsOf(g *group) []*group { return g.parents }

// hostsOf are the hosts that a group lists, and those of odd groups right below it.
func hostsOf(g *group) []*host {
	if !slices.ContainsFunc(g.children, isOddGroup) {
		return g.hosts
	}
	hosts := slices.Clone(g.hosts)
	seen := map[*group]bool{g: true}
	for below := slices.Clone(g.children); len(below) > 0; below = below[1:] {
		child := below[0]
		if child.odd && !seen[child] {
			seen[child] = true
			hosts = append(hosts, child.hosts...)
			below = append(below, child.children...)
		}
	}
	listed := map[*host]bool{}
	return slices.DeleteFunc(hosts, func(h *host) bool {
		was := listed[h]
		listed[h] = true
		return was
	})
}

// isGrouped reports whether h is in a group that has a name here, besides all.
func (h *host) isGrouped() bool { return len(named(h.groups, parentsOf)) > 0 }
