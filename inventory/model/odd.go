package model

import (
	"fmt"
	"maps"
	"slices"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// Odd is the name of a host or a group that can't be one here, as those that plugins of clouds and hypervisors make. It is
// passed over, and what else the inventory has is there: also what is in such a group, and its variables.
type Odd struct {
	// What is "host" or "group".
	What, Name string
	At         problems.Position
	Err        error
}

// PassOver notes an odd name. It reports whether it is new.
func (inv *Inventory) PassOver(o Odd) bool {
	known := inv.odd[o.Name]
	if slices.ContainsFunc(known, func(other Odd) bool { return other.What == o.What }) {
		return false
	}
	inv.odd[o.Name] = append(known, o)
	return true
}

// OddNamed are the host and the group of that name that were passed over.
func (inv *Inventory) OddNamed(name string) []Odd { return inv.odd[name] }

// OddGroupNames are the names of the groups that were passed over, sorted.
func (inv *Inventory) OddGroupNames() []string { return slices.Sorted(maps.Keys(inv.oddGroups)) }

// EitherGroup returns the group of a name, be it odd or not. It is made when it is new, and no odd name is noted.
func (inv *Inventory) EitherGroup(name string) *Group {
	if naming.CheckName(name) != nil {
		return inv.oddGroup(name)
	}
	return inv.addGroup(name)
}

// oddGroup returns the group of an odd name, which is made when it is new.
func (inv *Inventory) oddGroup(name string) *Group {
	g := inv.oddGroups[name]
	if g == nil {
		g = &Group{Name: name, odd: true, Depth: 1, Priority: 1}
		inv.oddGroups[name] = g
	}
	return g
}

// NotHere says why a name that was passed over is not there, for a person who gives it.
func (o Odd) NotHere() string {
	return fmt.Sprintf("%s: %s %s is passed over: %v", o.At, o.What, problems.Show(o.Name), o.Err)
}

// WhyPassedOver says why the inventory has no group and no host of that name, where it passed one over; "" where it did not.
func (inv *Inventory) WhyPassedOver(name string) string {
	for _, o := range inv.odd[name] {
		return o.NotHere()
	}
	return ""
}
