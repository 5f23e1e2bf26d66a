package model

// Host is a host of the inventory.
type Host struct {
	Name string
	// Groups are those that list the host itself, without all and ungrouped.
	groups []*Group
	// Vars has an entry for each line that named the host; later ones win. Hosts of a range share their entry.
	vars []Vars
}

// AddVars gives the host further variables, which win over those that it has.
func (h *Host) AddVars(v Vars) { h.vars = append(h.vars, v) }
