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

// Inventory is the content of the inventory files. It is not safe for concurrent use while a reader fills it. After that
// it does not change, and is safe for concurrent use.
type Inventory struct {
	hosts  map[string]*Host
	groups map[string]*Group
	// odd are the odd names, and oddGroups the groups with odd names. Such a group can't be selected, but its variables
	// hold for its hosts.
	odd       map[string][]Odd
	oddGroups map[string]*Group
	// Order are the hosts, in the order in which they were first named.
	Order []*Host
	// groupOrder are the groups, in the order in which they were first named.
	groupOrder []*Group
	// beside are the variables of group_vars and host_vars, by source. Later ones are stronger.
	beside []Beside
	// sources are the files that were read, and warnings the warnings about them.
	sources, warnings []string
	// digest is the hash of the texts of all sources, in their order.
	digest hash.Hash
	// passedOver are the files of directories that were skipped because of their name endings.
	passedOver []string
}

// New returns an inventory with the groups all and ungrouped, and nothing else.
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

// Host returns the host with that name, or nil.
func (inv *Inventory) Host(name string) *Host { return inv.hosts[name] }

// Group returns the group with that name, or nil. It finds no groups with odd names.
func (inv *Inventory) Group(name string) *Group { return inv.groups[name] }

// AllHosts returns all hosts, in the order in which they were first named. The caller must not change the slice.
func (inv *Inventory) AllHosts() []*Host { return inv.Order }

// AllGroups returns all groups without those with odd names, in the order in which they were first named. The caller
// must not change the slice.
func (inv *Inventory) AllGroups() []*Group { return inv.groupOrder }

// AddHost returns the host with that name, and adds it if it is new.
func (inv *Inventory) AddHost(name string) *Host {
	h := inv.hosts[name]
	if h == nil {
		h = &Host{Name: name}
		inv.hosts[name] = h
		inv.Order = append(inv.Order, h)
	}
	return h
}

// addGroup returns the group with that name, and adds it, undefined, if it is new.
func (inv *Inventory) addGroup(name string) *Group {
	g := inv.groups[name]
	if g == nil {
		g = &Group{Name: name, Depth: 1, Priority: 1}
		inv.groups[name] = g
		inv.groupOrder = append(inv.groupOrder, g)
	}
	return g
}

// HostsOf returns the hosts of a group and of all groups below it, each once: first its own, then those of its children,
// then those of their children.
func (inv *Inventory) HostsOf(g *Group) []*Host {
	switch g.Name {
	case All:
		return inv.Order
	case Ungrouped:
		// The hosts that a file lists in all are the first, as in Ansible.
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

// Names returns the names of all hosts and groups, in a stable order.
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
