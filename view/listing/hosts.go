package listing

import (
	"slices"
	"strings"

	"sloth-runner/inventory"
	"sloth-runner/view/layout"
)

// Hosts writes the selected hosts of an inventory as a table.
func (w Writer) Hosts(inv *inventory.Inventory, selected []inventory.Selected) error {
	columns := []layout.Column{{Title: "HOST"}, {Title: "ADDRESS"}, {Title: "USER"}, {Title: "GROUPS"}}
	var rows [][]string
	for _, host := range selected {
		address, user := host.Target.Address, host.Target.SSH.User
		if host.Err != nil {
			address, user = "unknown: see inventory show", ""
		}
		rows = append(rows, []string{host.Name, address, dash(user), dash(strings.Join(groupsOf(inv, host.Host), ", "))})
	}
	return layout.List(w.Out, 0, columns, rows)
}

// groupsOf are the groups of a host without all, in which each is, the strongest first.
func groupsOf(inv *inventory.Inventory, host string) []string {
	groups := slices.DeleteFunc(inv.HostGroups(host), func(name string) bool { return name == "all" || name == "ungrouped" })
	slices.Reverse(groups)
	return groups
}
