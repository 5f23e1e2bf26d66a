package model

import "slices"

// Groups with odd names are not in lists. Their members are listed as members of the groups above them.

// named replaces each odd group in groups by the groups that next returns for it. Each group is in the result once.
func named(groups []*Group, next func(*Group) []*Group) []*Group {
	if !slices.ContainsFunc(groups, isOddGroup) {
		return groups
	}
	var result []*Group
	seen := map[*Group]bool{}
	var add func([]*Group)
	add = func(groups []*Group) {
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

func isOddGroup(g *Group) bool { return g.odd }

func childrenOf(g *Group) []*Group { return g.Children }

func parentsOf(g *Group) []*Group { return g.parents }

// hostsOf returns the hosts that a group lists, and those of its odd children.
func hostsOf(g *Group) []*Host {
	if !slices.ContainsFunc(g.Children, isOddGroup) {
		return g.hosts
	}
	hosts := slices.Clone(g.hosts)
	seen := map[*Group]bool{g: true}
	for below := slices.Clone(g.Children); len(below) > 0; below = below[1:] {
		child := below[0]
		if child.odd && !seen[child] {
			seen[child] = true
			hosts = append(hosts, child.hosts...)
			below = append(below, child.Children...)
		}
	}
	listed := map[*Host]bool{}
	return slices.DeleteFunc(hosts, func(h *Host) bool {
		was := listed[h]
		listed[h] = true
		return was
	})
}

// isGrouped reports whether h is in a group other than all that has a valid name.
func (h *Host) isGrouped() bool { return len(named(h.groups, parentsOf)) > 0 }
