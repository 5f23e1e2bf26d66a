package model

import (
	"slices"

	"sloth-runner/inventory/values"
)

// Value is a variable and where it was set.
type Value struct {
	// Data is what it stands for, as JSON has it.
	Data any
	// File and Line are where it stands; Line is 0 where a file has no lines to speak of.
	File string
	Line int
	// From is the group or the host that has it.
	From string
	// Secret says that it is a password, which nobody is shown.
	Secret bool
}

// Hosts are the names of all hosts, each where it was first named.
func (inv *Inventory) Hosts() []string { return hostNames(inv.Order) }

// Groups are the names of all groups: all and ungrouped, then each where it was first named.
func (inv *Inventory) Groups() []string { return groupNames(inv.groupOrder) }

// HasHost reports whether there is a host of that name.
func (inv *Inventory) HasHost(name string) bool { return inv.hosts[name] != nil }

// HasGroup reports whether there is a group of that name.
func (inv *Inventory) HasGroup(name string) bool { return inv.groups[name] != nil }

// Members are the hosts of a group and of all groups below it, each once; nil for a group that is not there.
func (inv *Inventory) Members(group string) []string {
	if g := inv.groups[group]; g != nil {
		return hostNames(inv.HostsOf(g))
	}
	return nil
}

// GroupHosts are the hosts that a group lists itself. All lists none, as in the output of ansible-inventory.
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

// Children are the groups right below a group; those of all are the ones that a file lists there, and those that no other
// group has.
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

// Parents are the groups right above a group.
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

// HostGroups are the groups that a host is in, directly or not, from the one whose variables are weakest to the one
// whose variables are strongest.
func (inv *Inventory) HostGroups(host string) []string {
	h := inv.hosts[host]
	if h == nil {
		return nil
	}
	return groupNames(slices.DeleteFunc(inv.groupsOf(h), isOddGroup))
}

// HostVars are the variables that hold for a host, those of its groups among them.
func (inv *Inventory) HostVars(host string) map[string]Value {
	if h := inv.hosts[host]; h != nil {
		return inv.Variables(h).values()
	}
	return nil
}

// VarHistory are the variables of a host with all that was said of each, from the weakest to the one that holds.
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
