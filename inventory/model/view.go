package model

import (
	"slices"

	"sloth-runner/inventory/values"
)

// Value is a variable and where it was set.
type Value struct {
	// Data is the value, as in JSON.
	Data any
	// File and Line are the place where it is set. Line is 0 in files without meaningful lines.
	File string
	Line int
	// From is the name of the group or the host that has it.
	From string
	// Secret says that the value is a password, which must not be shown.
	Secret bool
}

// Hosts returns the names of all hosts, in the order in which they were first named.
func (inv *Inventory) Hosts() []string { return hostNames(inv.Order) }

// Groups returns the names of all groups: all, ungrouped, then the others in the order in which they were first named.
func (inv *Inventory) Groups() []string { return groupNames(inv.groupOrder) }

// HasHost reports whether there is a host with that name.
func (inv *Inventory) HasHost(name string) bool { return inv.hosts[name] != nil }

// HasGroup reports whether there is a group with that name.
func (inv *Inventory) HasGroup(name string) bool { return inv.groups[name] != nil }

// Members returns the hosts of a group and of all groups below it, each once; nil for an unknown group.
func (inv *Inventory) Members(group string) []string {
	if g := inv.groups[group]; g != nil {
		return hostNames(inv.HostsOf(g))
	}
	return nil
}

// GroupHosts returns the hosts that a group lists itself. All lists none, as in the output of ansible-inventory.
func (inv *Inventory) GroupHosts(group string) []string {
	switch g := inv.groups[group]; {
	case g == nil || group == All:
		return nil
	case group == Ungrouped:
		return hostNames(inv.HostsOf(g))
	default:
		return hostNames(hostsOf(g))
	}
}

// Children returns the groups directly below a group. Those of all are the groups that a file lists there, and those
// that no other group has.
func (inv *Inventory) Children(group string) []string {
	g := inv.groups[group]
	switch {
	case g == nil:
		return nil
	case group != All:
		return groupNames(named(g.Children, childrenOf))
	}
	top := append([]string{Ungrouped}, groupNames(named(g.top, childrenOf))...)
	for _, child := range inv.groupOrder {
		if child != g && len(named(child.parents, parentsOf)) == 0 && !slices.Contains(top, child.Name) {
			top = append(top, child.Name)
		}
	}
	return top
}

// Parents returns the groups directly above a group.
func (inv *Inventory) Parents(group string) []string {
	g := inv.groups[group]
	switch {
	case g == nil || group == All:
		return nil
	}
	if parents := named(g.parents, parentsOf); len(parents) > 0 {
		return groupNames(parents)
	}
	return []string{All}
}

// HostGroups returns the groups of a host, direct and indirect, from the weakest variables to the strongest.
func (inv *Inventory) HostGroups(host string) []string {
	h := inv.hosts[host]
	if h == nil {
		return nil
	}
	return groupNames(slices.DeleteFunc(inv.groupsOf(h), isOddGroup))
}

// HostVars returns the variables that hold for a host, with those of its groups.
func (inv *Inventory) HostVars(host string) map[string]Value {
	if h := inv.hosts[host]; h != nil {
		return inv.Variables(h).values()
	}
	return nil
}

// VarHistory returns, for each variable of a host, all its settings, from the weakest to the one that holds.
func (inv *Inventory) VarHistory(host string) map[string][]Value {
	h := inv.hosts[host]
	if h == nil {
		return nil
	}
	history := map[string][]Value{}
	for _, layer := range inv.layers(h) {
		for name, value := range layer.vars {
			value.from = layer.from
			history[name] = append(history[name], value.export(name))
		}
	}
	return history
}

// InVault reports whether a value is encrypted with Ansible Vault.
func InVault(data any) bool {
	fields, ok := data.(map[string]any)
	return ok && len(fields) == 1 && fields[values.VaultKey] != nil
}

func (v Vars) values() map[string]Value {
	values := make(map[string]Value, len(v))
	for name, value := range v {
		values[name] = value.export(name)
	}
	return values
}

func (v Variable) export(name string) Value {
	return Value{Data: v.Data, File: v.At.File, Line: v.At.Line, From: v.from, Secret: IsSecret(name)}
}

func hostNames(hosts []*Host) []string {
	names := make([]string, len(hosts))
	for i, h := range hosts {
		names[i] = h.Name
	}
	return names
}

func groupNames(groups []*Group) []string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return names
}
