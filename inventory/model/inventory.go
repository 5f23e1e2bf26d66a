package model

import (
	"hash"
	"slices"
)

// Names of the groups that always exist.
const (
	All       = "all"
	Ungrouped = "ungrouped"
)

// Inventory is what inventory files say. Who reads them fills it; from then on it does not change, and is safe for concurrent
// use.
type Inventory struct {
	hosts  map[string]*Host
	groups map[string]*Group
	// Odd are the names that were passed over, and oddGroups the groups that have one: they can't be named, and hold for
	// their hosts all the same.
	odd       map[string][]Odd
	oddGroups map[string]*Group
	// Order are the hosts, each where it was first named.
	Order []*Host
	// groupOrder are the groups, each where it was first named.
	groupOrder []*Group
	// beside are the variables of group_vars and host_vars, by source, later ones stronger.
	beside []Beside
	// sources are the files that were read, and warnings what was passed over in them.
	sources, warnings []string
	// digest is of the texts of all sources in their order.
	digest hash.Hash
	// passedOver are the files of directories that were not read for the ends of their names.
	passedOver []string
}

// New returns one with the groups that always exist, and nothing else.
func New() *Inventory {
	inv := &Inventory{
		hosts: map[string]*Host{}, groups: map[string]*Group{}, odd: map[string][]Odd{}, oddGroups: map[string]*Group{},
	}
	for depth, name := range []string{All, Ungrouped} {
		g := inv.addGroup(name)
		g.Defined, g.Depth = true, depth
	}
	return inv
}

// Host returns the host of that name; nil: there is none.
func (inv *Inventory) Host(name string) *Host { return inv.hosts[name] }

// Group returns the group of that name; nil: there is none, or it has an odd name.
func (inv *Inventory) Group(name string) *Group { return inv.groups[name] }

// AllHosts are all hosts, each where it was first named. The slice is not to be changed.
func (inv *Inventory) AllHosts() []*Host { return inv.Order }

// AllGroups are all groups but those with odd names, each where it was first named. The slice is not to be changed.
func (inv *Inventory) AllGroups() []*Group { return inv.groupOrder }

// AddHost returns the host of that name, which is made when it is new.
func (inv *Inventory) AddHost(name string) *Host {
	h := inv.hosts[name]
	if h == nil {
		h = &Host{Name: name}
		inv.hosts[name] = h
		inv.Order = append(inv.Order, h)
	}
	return h
}

// addGroup returns the group of that name, which is made, undefined, when it is new.
func (inv *Inventory) addGroup(name string) *Group {
	g := inv.groups[name]
	if g == nil {
		g = &Group{Name: name, Depth: 1, Priority: 1}
		inv.groups[name] = g
		inv.groupOrder = append(inv.groupOrder, g)
	}
	return g
}

// HostsOf returns the hosts of a group and of all groups below it: its own first, then those of its children,
// then of theirs; each once.
func (inv *Inventory) HostsOf(g *Group) []*Host {
	switch g.Name {
	case All:
		return inv.Order
	case Ungrouped:
		// Those that a file lists in it are the first, as in Ansible.
		hosts := slices.Clone(g.hosts)
		for _, h := range inv.Order {
			if !g.hasHost[h.Name] {
				hosts = append(hosts, h)
			}
		}
		return slices.DeleteFunc(hosts, func(h *Host) bool { return h.isGrouped() })
	}
	var members []*Host
	listed, visited := map[*Host]bool{}, map[*Group]bool{g: true}
	for level := []*Group{g}; len(level) > 0; {
		var next []*Group
		for _, g := range level {
			for _, h := range g.hosts {
				if !listed[h] {
					listed[h] = true
					members = append(members, h)
				}
			}
			for _, child := range g.Children {
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

// Names are all hosts and groups, in a stable order.
func (inv *Inventory) Names() []string {
	names := make([]string, 0, len(inv.Order)+len(inv.groups))
	for _, h := range inv.Order {
		names = append(names, h.Name)
	}
	for name := range inv.groups {
		names = append(names, name)
	}
	slices.Sort(names[len(inv.Order):])
	return names
}
