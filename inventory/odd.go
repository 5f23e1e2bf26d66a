package inventory

import (
	"fmt"
	"maps"
	"slices"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// odd is the name of a host or a group that can't be one here, as those that plugins of clouds and hypervisors make. It is
// passed over, and what else the inventory has is there: also what is in such a group, and its variables.
type odd struct {
	// what is "host" or "group".
	what, name string
	at         problems.Position
	err        error
}

// passOver notes an odd name. It reports whether it is new.
func (inv *contents) passOver(o odd) bool {
	known := inv.odd[o.name]
	if slices.ContainsFunc(known, func(other odd) bool { return other.what == o.what }) {
		return false
	}
	inv.odd[o.name] = append(known, o)
	return true
}

// oddNamed are the host and the group of that name that were passed over.
func (inv *contents) oddNamed(name string) []odd { return inv.odd[name] }

// oddGroupNames are the names of the groups that were passed over, sorted.
func (inv *contents) oddGroupNames() []string { return slices.Sorted(maps.Keys(inv.oddGroups)) }

// either returns the group of a name, be it odd or not. It is made when it is new, and no odd name is noted.
func (inv *contents) either(name string) *group {
	if naming.CheckName(name) != nil {
		return inv.oddGroup(name)
	}
	return inv.addGroup(name)
}

// oddGroup returns the group of an odd name, which is made when it is new.
func (inv *contents) oddGroup(name string) *group {
	g := inv.oddGroups[name]
	if g == nil {
		g = &group{name: name, odd: true, depth: 1, priority: 1}
		inv.oddGroups[name] = g
	}
	return g
}

// notHere says why a name that was passed over is not there, for a person who gives it.
func (o odd) notHere() string {
	return fmt.Sprintf("%s: %s %s is passed over: %v", o.at, o.what, problems.Show(o.name), o.err)
}

// WhyPassedOver says why the inventory has no group and no host of that name, where it passed one over; "" where it did not.
func (inv *contents) WhyPassedOver(name string) string {
	for _, o := range inv.odd[name] {
		return o.notHere()
	}
	return ""
}
