package listing

import (
	"fmt"
	"io"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

// maxGraph bounds a graph, in lines and what they are indented by: a group is shown in each group that has it, which can be
// very many times.
const maxGraph = 1 << 22

// Graph writes the tree of a group.
func (w Writer) Graph(inv *inventory.Inventory, top string) error {
	g := grapher{inv: inv, left: maxGraph}
	graph := g.group(top, 1)
	if g.left < 0 {
		return &fault.Error{Err: fmt.Errorf("the graph of group %s is too large", top), Hint: "name a group below it"}
	}
	if w.Format == JSON {
		return view.JSON(w.Out, graph)
	}
	var text strings.Builder
	graph.write(&text, 0)
	_, err := io.WriteString(w.Out, text.String())
	return err
}

// grapher makes a tree of groups.
type grapher struct {
	inv  *inventory.Inventory
	left int
}

// graphGroup is a group in the tree.
type graphGroup struct {
	Name     string       `json:"name"`
	Children []graphGroup `json:"children,omitempty"`
	Hosts    []string     `json:"hosts,omitempty"`
}

func (g *grapher) group(name string, depth int) graphGroup {
	node := graphGroup{Name: name, Hosts: g.inv.GroupHosts(name)}
	g.left -= (1 + len(node.Hosts)) * depth
	for _, child := range g.inv.Children(name) {
		if g.left < 0 {
			break
		}
		node.Children = append(node.Children, g.group(child, depth+1))
	}
	return node
}

// write draws the group and what is below it.
func (g *graphGroup) write(text *strings.Builder, depth int) {
	line := func(depth int, name string) {
		if depth > 0 {
			text.WriteString(strings.Repeat("  |", depth) + "--")
		}
		text.WriteString(layout.Escape(name) + "\n")
	}
	line(depth, "@"+g.Name+":")
	for i := range g.Children {
		g.Children[i].write(text, depth+1)
	}
	for _, host := range g.Hosts {
		line(depth+1, host)
	}
}
