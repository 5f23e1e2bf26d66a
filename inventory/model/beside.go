package model

// Beside has the variables of the directories group_vars and host_vars next to a source. See
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables.
type Beside struct {
	Groups, Hosts map[string]Vars
	// SealedGroups and SealedHosts are the files, by group or host, that Ansible Vault encrypted as a whole. Their
	// variables are unknown.
	SealedGroups, SealedHosts map[string][]string
}

// AddBeside adds the variables of one more source. They override those of earlier sources.
func (inv *Inventory) AddBeside(b Beside) { inv.beside = append(inv.beside, b) }
