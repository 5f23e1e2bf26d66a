package model

// Beside are the variables in the directories group_vars and host_vars beside a source. See
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables.
type Beside struct {
	Groups, Hosts map[string]Vars
	// SealedGroups and SealedHosts are files whose variables are unknown, as Ansible Vault encrypted them whole.
	SealedGroups, SealedHosts map[string][]string
}

// AddBeside adds the variables beside a further source.
func (inv *Inventory) AddBeside(b Beside) { inv.beside = append(inv.beside, b) }
