package model

// Group is a group of the inventory. What all and ungrouped contain follows from the others and is not stored.
type Group struct {
	Name string
	// Odd says that the name was passed over.
	odd bool
	// Defined says that a section made the group; others were only referred to.
	Defined  bool
	hosts    []*Host
	Children []*Group
	parents  []*Group
	vars     Vars
	// Priority orders groups of the same depth: ansible_group_priority, or 1.
	Priority int
	// top are the groups that a file lists in all; others may be in it as well. Only all has some.
	top []*Group
	// Depth is the length of the longest way down from all.
	Depth int
	// has are the names in hosts and children, so that each is listed once.
	hasHost, hasChild map[string]bool
}

// SetVar sets a variable of the group.
func (g *Group) SetVar(name string, v Variable) {
	if g.vars == nil {
		g.vars = Vars{}
	}
	g.vars[name] = v
}

// AddHost lists h in g.
func (g *Group) AddHost(h *Host) {
	if g.Name == All || g.hasHost[h.Name] {
		return
	}
	if g.hasHost == nil {
		g.hasHost = map[string]bool{}
	}
	g.hasHost[h.Name] = true
	g.hosts = append(g.hosts, h)
	if g.Name != Ungrouped {
		h.groups = append(h.groups, g)
	}
}

// AddChild puts child under g.
func (g *Group) AddChild(child *Group) {
	if g.hasChild[child.Name] {
		return
	}
	if g.hasChild == nil {
		g.hasChild = map[string]bool{}
	}
	g.hasChild[child.Name] = true
	if g.Name == All {
		g.top = append(g.top, child)
		return
	}
	g.Children = append(g.Children, child)
	child.parents = append(child.parents, g)
}
