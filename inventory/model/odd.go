package model

import (
	"fmt"
	"maps"
	"slices"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// Odd is an odd name: the name of a host or a group that is not allowed here. Inventory plugins of clouds and
// hypervisors make such names. Such a host is skipped. Such a group keeps its hosts and variables.
type Odd struct {
	// What is "host" or "group".
	What, Name string
	At         problems.Position
	Err        error
}

// PassOver records an odd name. It reports whether the name is new.
func (inv *Inventory) PassOver(o Odd) bool {
	known := inv.odd[o.Name]
	if slices.ContainsFunc(known, func(other Odd) bool { return other.What == o.What }) {
		return false
	}
	inv.odd[o.Name] = append(known, o)
	return true
}

// OddNamed returns the host and the group with that odd name.
func (inv *Inventory) OddNamed(name string) []Odd { return inv.odd[name] }

// OddGroupNames returns the names of the groups with odd names, sorted.
func (inv *Inventory) OddGroupNames() []string { return slices.Sorted(maps.Keys(inv.oddGroups)) }

// EitherGroup returns the group with that name, which may be odd, and adds it if it is new. It does not record the odd
// name.
func (inv *Inventory) EitherGroup(name string) *Group {
	if naming.CheckName(name) != nil {
		return inv.oddGroup(name)
	}
	return inv.addGroup(name)
}

// oddGroup returns the group with an odd name, and adds it if it is new.
func (inv *Inventory) oddGroup(name string) *Group {
	g := inv.oddGroups[name]
	if g == nil {
		g = &Group{Name: name, odd: true, Depth: 1, Priority: 1}
		inv.oddGroups[name] = g
	}
	return g
}

// NotHere returns the reason, for a user, why this name can't be used.
func (o Odd) NotHere() string {
	return fmt.Sprintf("%s: %s %s is passed over: %v", o.At, o.What, problems.Show(o.Name), o.Err)
}

// WhyPassedOver returns the reason why the inventory skipped a group or a host of that name; "" if it did not.
func (inv *Inventory) WhyPassedOver(name string) string {
	for _, o := range inv.odd[name] {
		return o.NotHere()
	}
	return ""
}
