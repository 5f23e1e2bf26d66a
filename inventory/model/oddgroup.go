package model

import "slices"

// Groups with odd names are shown to nobody: in lists, what is in one is in the groups above it.

// named replaces the odd ones among some groups by those that next finds beside them, each once.
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

// hostsOf are the hosts that a group lists, and those of odd groups right below it.
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

// isGrouped reports whether h is in a group that has a name here, besides all.
func (h *Host) isGrouped() bool { return len(named(h.groups, parentsOf)) > 0 }
