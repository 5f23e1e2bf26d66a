package model

// Host is a host of the inventory.
type Host struct {
	Name string
	// groups are the groups that list the host directly, without all and ungrouped.
	groups []*Group
	// vars has an entry for each line that named the host. Later entries win. Hosts of a range share an entry.
	vars []Vars
}

// AddVars adds variables, which override earlier ones.
func (h *Host) AddVars(v Vars) { h.vars = append(h.vars, v) }
