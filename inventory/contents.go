package inventory

import (
	"hash"
	"slices"
)

// Names of the groups that always exist.
const (
	allName       = "all"
	ungroupedName = "ungrouped"
)

// contents is what inventory files say. Who reads them fills it; from then on it does not change, and is safe for concurrent
// use.
type contents struct {
	hosts  map[string]*host
	groups map[string]*group
	// odd are the names that were passed over, and oddGroups the groups that have one: they can't be named, and hold for
	// their hosts all the same.
	odd       map[string][]odd
	oddGroups map[string]*group
	// order are the hosts, each where it was first named.
	order []*host
	// groupOrder are the groups, each where it was first named.
	groupOrder []*group
	// beside are the variables of group_vars and host_vars, by source, later ones stronger.
	beside []besideVars
	// sources are the files that were read, and warnings what was passed over in them.
	sources, warnings []string
	// digest is of the texts of all sources in their order.
	digest hash.Hash
	// passedOver are the files of directories that were not read for the ends of their names.
	passedOver []string
}

// newContents returns one with the groups that always exist, and nothing else.
func newContents() *contents {
	inv := &contents{
		hosts: map[string]*host{}, groups: map[string]*group{}, odd: map[string][]odd{}, oddGroups: map[string]*group{},
	}
	for depth, name := range []string{allName, ungroupedName} {
		g := inv.addGroup(name)
		g.defined, g.depth = true, depth
	}
	return inv
}

// hostNamed returns the host of that name; nil: there is none.
func (inv *contents) hostNamed(name string) *host { return inv.hosts[name] }

// groupNamed returns the group of that name; nil: there is none, or it has an odd name.
func (inv *contents) groupNamed(name string) *group { return inv.groups[name] }

// hostsInOrder are all hosts, each where it was first named. The slice is not to be changed.
func (inv *contents) hostsInOrder() []*host { return inv.order }

// groupsInOrder are all groups but those with odd names, each where it was first named. The slice is not to be changed.
func (inv *contents) groupsInOrder() []*group { return inv.groupOrder }

// addHost returns the host of that name, which is made when it is new.
func (inv *contents) addHost(name string) *host {
	h := inv.hosts[name]
	if h == nil {
		h = &host{name: name}
		inv.hosts[name] = h
		inv.order = append(inv.order, h)
	}
	return h
}

// addGroup returns the group of that name, which is made, undefined, when it is new.
func (inv *contents) addGroup(name string) *group {
	g := inv.groups[name]
	if g == nil {
		g = &group{name: name, depth: 1, priority: 1}
		inv.groups[name] = g
		inv.groupOrder = append(inv.groupOrder, g)
	}
	return g
}

// members returns the hosts of a group and of all groups below it: its own first, then those of its children,
// then of theirs; each once.
func (inv *contents) members(g *group) []*host {
	switch g.name {
	case allName:
		return inv.order
	case ungroupedName:
		// Those that a file lists in it are the first, as in Ansible.
		hosts := slices.Clone(g.hosts)
		for _, h := range inv.order {
			if !g.hasHost[h.name] {
				hosts = append(hosts, h)
			}
		}
		return slices.DeleteFunc(hosts, func(h *host) bool { return h.isGrouped() })
	}
	var members []*host
	listed, visited := map[*host]bool{}, map[*group]bool{g: true}
	for level := []*group{g}; len(level) > 0; {
		var next []*group
		for _, g := range level {
			for _, h := range g.hosts {
				if !listed[h] {
					listed[h] = true
					members = append(members, h)
				}
			}
			for _, child := range g.children {
				if !visited[child] {
					visited[child] = true
					next = append(next, child)
				}
			}
		}
		level = next
	}
	return members
}

// names are all hosts and groups, in a stable order.
func (inv *contents) names() []string {
	names := make([]string, 0, len(inv.order)+len(inv.groups))
	for _, h := range inv.order {
		names = append(names, h.name)
	}
	for name := range inv.groups {
		names = append(names, name)
	}
	slices.Sort(names[len(inv.order):])
	return names
}
