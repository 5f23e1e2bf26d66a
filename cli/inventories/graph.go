package inventories

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

// maxGraph bounds a graph, in lines and what they are indented by: a group is shown in each group that has it, which can be
// very many times.
const maxGraph = 1 << 22

func newInventoryGraphCommand(s *command.Streams) *cobra.Command {
	var o inventoryOptions
	cmd := &cobra.Command{
		Use:   "graph [GROUP]",
		Short: "Show the groups as a tree, with their hosts",
		Long:  `Show the groups as a tree, with their hosts, as "ansible-inventory --graph" does.`,
		Example: `  sloth-runner inventory graph
  sloth-runner inventory graph production`,
		Args:              command.Arguments(nil, 1),
		ValidArgsFunction: completeGroup(s, &o),
		RunE: func(cmd *cobra.Command, args []string) error {
			top := "all"
			if len(args) > 0 {
				top = args[0]
			}
			return graphInventory(cmd.Context(), s, &o, top)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func completeGroup(s *command.Streams, o *inventoryOptions) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		from, err := reach.FindInventory(s, o.inventories)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		inv, err := from.Read(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return inv.Groups(), cobra.ShellCompDirectiveNoFileComp
	}
}

func graphInventory(ctx context.Context, s *command.Streams, o *inventoryOptions, top string) error {
	inv, _, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	if !inv.HasGroup(top) {
		err := fmt.Errorf("the inventory has no group %q", top)
		if why := inv.WhyPassedOver(top); why != "" {
			err = fmt.Errorf("%w: %s", err, why)
		}
		if known := closest.Match(top, inv.Groups()); known != "" {
			return &fault.Error{Err: err, Hint: fmt.Sprintf("did you mean %q?", known)}
		}
		return err
	}
	g := grapher{inv: inv, left: maxGraph}
	graph := g.group(top, 1)
	if g.left < 0 {
		return &fault.Error{Err: fmt.Errorf("the graph of group %s is too large", top), Hint: "name a group below it"}
	}
	if o.format == "json" {
		return view.JSON(s.Out, graph)
	}
	var text strings.Builder
	graph.write(&text, 0)
	_, err = fmt.Fprint(s.Out, text.String())
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
