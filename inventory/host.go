package inventory

// host is a host of the inventory.
type host struct {
	name string
	// groups are those that list the host itself, without all and ungrouped.
	groups []*group
	// vars has an entry for each line that named the host; later ones win. Hosts of a range share their entry.
	vars []vars
}

// addVars gives the host further variables, which win over those that it has.
func (h *host) addVars(v vars) { h.vars = append(h.vars, v) }
