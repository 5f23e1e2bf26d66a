package listing

import (
	"slices"

	"sloth-runner/inventory"
	"sloth-runner/inventory/model"
	"sloth-runner/view"
)

// stars are shown instead of a password.
const stars = "********"

// listedGroup is a group in the output of ansible-inventory --list.
type listedGroup struct {
	Children []string `json:"children,omitempty"`
	Hosts    []string `json:"hosts,omitempty"`
}

// Ansible writes what ansible-inventory --list prints: of the whole inventory where selected is nil.
func (w Writer) Ansible(inv *inventory.Inventory, selected []inventory.Selected) error {
	return view.JSON(w.Out, ansibleList(inv, selected))
}

// ansibleList is what ansible-inventory --list prints: each group with its own hosts and children, but for groups without
// any, and in _meta the variables of each host that has some. Where hosts are selected, the others are left out. See
// https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html.
func ansibleList(inv *inventory.Inventory, selected []inventory.Selected) map[string]any {
	listed := inv.Hosts()
	if selected != nil {
		in := map[string]bool{}
		for _, host := range selected {
			in[host.Host] = true
		}
		listed = slices.DeleteFunc(listed, func(name string) bool { return !in[name] })
	}
	keep := map[string]bool{}
	hostVars := map[string]map[string]any{}
	for _, name := range listed {
		keep[name] = true
		if vars := shownVars(inv.HostVars(name)); len(vars) > 0 {
			hostVars[name] = vars
		}
	}
	list := map[string]any{}
	for _, name := range inv.Groups() {
		group := listedGroup{
			Children: inv.Children(name),
			Hosts:    slices.DeleteFunc(inv.GroupHosts(name), func(host string) bool { return !keep[host] }),
		}
		if len(group.Children)+len(group.Hosts) > 0 {
			list[name] = group
		}
	}
	list["_meta"] = map[string]any{"hostvars": hostVars} // last: a group of that name would take its place
	return list
}

// shownVars returns the variables without passwords.
func shownVars(vars map[string]model.Value) map[string]any {
	shown := make(map[string]any, len(vars))
	for name, value := range vars {
		shown[name] = shownValue(value)
	}
	return shown
}

func shownValue(value model.Value) any {
	if value.Secret {
		return stars
	}
	return value.Data
}
