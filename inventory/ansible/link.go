package ansible

import (
	"slices"
	"strconv"
	"strings"

	"sloth-runner/internal/closest"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/problems"
)

// link does the checks that need all files: each group that is used exists, and no group contains itself. It sets the
// depth of each group.
func (r *reader) link() {
	r.checkReferences()
	r.setDepths()
}

// checkReferences adds a problem for each use of a group that is not defined.
func (r *reader) checkReferences() {
	var defined []string
	for _, g := range r.inv.AllGroups() {
		if g.Defined {
			defined = append(defined, g.Name)
		}
	}
	slices.Sort(defined)
	for _, ref := range r.references {
		if ref.group.Defined {
			continue
		}
		r.at = ref.at
		if ref.words > 1 {
			r.problem("expected one name of a group")
			continue
		}
		suggestion := ""
		if name := r.suggest(ref.group.Name, defined); name != "" {
			suggestion = "; did you mean " + strconv.Quote(name) + "?"
		}
		r.problem("group %s is not defined%s", problems.Show(ref.group.Name), suggestion)
	}
}

// suggest returns the defined group with the name closest to name, or "" if the problem would not be shown.
func (r *reader) suggest(name string, defined []string) string {
	if r.problems.Full() {
		return ""
	}
	return closest.Match(name, defined)
}

// descent is a depth-first walk through the groups.
type descent struct {
	reader *reader
	// seen are the groups that were entered. path are those that were not left yet, from the top.
	seen map[*model.Group]bool
	path []*model.Group
	open map[*model.Group]bool
	// left are the groups in the order in which they were left: children before parents.
	left []*model.Group
}

// setDepths finds the groups that contain themselves, and sets the depth of the others: the length of the longest path
// from all.
func (r *reader) setDepths() {
	d := descent{reader: r, seen: map[*model.Group]bool{}, open: map[*model.Group]bool{}}
	for _, ref := range r.references {
		if ref.parent != nil {
			d.enter(ref.parent)
		}
	}
	for _, g := range slices.Backward(d.left) {
		for _, child := range g.Children {
			child.Depth = max(child.Depth, g.Depth+1)
		}
	}
}

func (d *descent) enter(g *model.Group) {
	if d.seen[g] {
		return
	}
	d.seen[g], d.open[g] = true, true
	d.path = append(d.path, g)
	for _, child := range g.Children {
		if d.open[child] {
			d.cycle(g, child)
		} else {
			d.enter(child)
		}
	}
	d.path = d.path[:len(d.path)-1]
	delete(d.open, g)
	d.left = append(d.left, g)
}

// cycle adds the problem that child, a child of last, is also one of its ancestors.
func (d *descent) cycle(last, child *model.Group) {
	r := d.reader
	if r.problems.Full() {
		r.problems.Skip()
		return
	}
	i := slices.IndexFunc(r.references, func(ref reference) bool { return ref.parent == last && ref.group == child })
	r.at = r.references[i].at
	var names []string
	for _, g := range d.path[slices.Index(d.path, child):] {
		names = append(names, g.Name)
	}
	names = append(names, child.Name)
	r.problem("group %s contains itself: %s", problems.Show(child.Name), shorten(names))
}

// shorten writes a path of groups. A long path loses its middle.
func shorten(names []string) string {
	const ends = 5
	if len(names) > 2*ends {
		names = slices.Concat(names[:ends], []string{"..."}, names[len(names)-ends:])
	}
	return strings.Join(names, " > ")
}
