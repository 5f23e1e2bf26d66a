package inventory

// group is a group of the inventory. What all and ungrouped contain follows from the others and is not stored.
type group struct {
	name string
	// odd says that the name was passed over.
	odd bool
	// defined says that a section made the group; others were only referred to.
	defined  bool
	hosts    []*host
	children []*group
	parents  []*group
	vars     vars
	// priority orders groups of the same depth: ansible_group_priority, or 1.
	priority int
	// top are the groups that a file lists in all; others may be in it as well. Only all has some.
	top []*group
	// depth is the length of the longest way down from all.
	depth int
	// has are the names in hosts and children, so that each is listed once.
	hasHost, hasChild map[string]bool
}

// setVar sets a variable of the group.
func (g *group) setVar(name string, v value) {
	if g.vars == nil {
		g.vars = vars{}
	}
	g.vars[name] = v
}

// addHost lists h in g.
func (g *group) addHost(h *host) {
	if g.name == allName || g.hasHost[h.name] {
		return
	}
	if g.hasHost == nil {
		g.hasHost = map[string]bool{}
	}
	g.hasHost[h.name] = true
	g.hosts = append(g.hosts, h)
	if g.name != ungroupedName {
		h.groups = append(h.groups, g)
	}
}

// addChild puts child under g.
func (g *group) addChild(child *group) {
	if g.hasChild[child.name] {
		return
	}
	if g.hasChild == nil {
		g.hasChild = map[string]bool{}
	}
	g.hasChild[child.name] = true
	if g.name == allName {
		g.top = append(g.top, child)
		return
	}
	g.children = append(g.children, child)
	child.parents = append(child.parents, g)
}
