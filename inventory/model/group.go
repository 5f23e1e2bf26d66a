package model

// Group is a group of the inventory. The content of all and ungrouped is computed from the other groups and not stored.
type Group struct {
	Name string
	// odd says that the name is odd.
	odd bool
	// Defined says that a section defines the group. Other groups are only used.
	Defined  bool
	hosts    []*Host
	Children []*Group
	parents  []*Group
	vars     Vars
	// Priority orders groups of the same depth. It is the value of ansible_group_priority, by default 1.
	Priority int
	// top are the groups that a file lists in all. Only the group all uses it.
	top []*Group
	// Depth is the length of the longest path from all.
	Depth int
	// hasHost and hasChild are the names in hosts and children, so that each is listed once.
	hasHost, hasChild map[string]bool
}

// SetVar sets a variable of the group.
func (g *Group) SetVar(name string, v Variable) {
	if g.vars == nil {
		g.vars = Vars{}
	}
	g.vars[name] = v
}

// AddHost adds h to g, once.
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

// AddChild makes child a child of g, once.
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
