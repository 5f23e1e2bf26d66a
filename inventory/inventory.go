package inventory

import (
	"hash"
	"net"
	"slices"
)

// Names of the groups that always exist.
const (
	allName       = "all"
	ungroupedName = "ungrouped"
)

// Inventory is what the inventory files say. It does not change after Read and is safe for concurrent use.
type Inventory struct {
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
	// lookUp asks DNS.
	lookUp lookUp
}

// host is a host of the inventory.
type host struct {
	name string
	// groups are those that list the host itself, without all and ungrouped.
	groups []*group
	// vars has an entry for each line that named the host; later ones win. Hosts of a range share their entry.
	vars []vars
}

// group is a group of the inventory. What all and ungrouped contain follows from the others and is not stored.
type group struct {
	name string
	// odd says that the name was passed over.
	odd bool
	// defined says that a section made the group; others were only referred to.
	defined  bool
	hosts    []*host
	children []*group
	parents  []*group
	vars     vars
	// priority orders groups of the same depth: ansible_group_priority, or 1.
	priority int
	// top are the groups that a file lists in all; others may be in it as well. Only all has some.
	top []*group
	// depth is the length of the longest way down from all.
	depth int
	// has are the names in hosts and children, so that each is listed once.
	hasHost, hasChild map[string]bool
}

func newInventory() *Inventory {
	inv := &Inventory{
		hosts: map[string]*host{}, groups: map[string]*group{}, odd: map[string][]odd{}, oddGroups: map[string]*group{},
		lookUp: net.DefaultResolver.LookupHost,
	}
	for depth, name := range []string{allName, ungroupedName} {
		g := inv.group(name)
		g.defined, g.depth = true, depth
	}
	return inv
}

// host returns the host of that name, which is made when it is new.
func (inv *Inventory) host(name string) *host {
	h := inv.hosts[name]
	if h == nil {
		h = &host{name: name}
		inv.hosts[name] = h
		inv.order = append(inv.order, h)
	}
	return h
}

// group returns the group of that name, which is made, undefined, when it is new.
func (inv *Inventory) group(name string) *group {
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
func (inv *Inventory) members(g *group) []*host {
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
func (inv *Inventory) names() []string {
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

// addHost lists h in g.
func (g *group) addHost(h *host) {
	if g.name == allName || g.hasHost[h.name] {
		return
	}
	if g.hasHost == nil {
		g.hasHost = map[string]bool{}
	}
	g.hasHost[h.name] = true
	g.hosts = append(g.hosts, h)
	if g.name != ungroupedName {
		h.groups = append(h.groups, g)
	}
}

// addChild puts child under g.
func (g *group) addChild(child *group) {
	if g.hasChild[child.name] {
		return
	}
	if g.hasChild == nil {
		g.hasChild = map[string]bool{}
	}
	g.hasChild[child.name] = true
	if g.name == allName {
		g.top = append(g.top, child)
		return
	}
	g.children = append(g.children, child)
	child.parents = append(child.parents, g)
}
