package inventory

// besideVars are the variables in the directories group_vars and host_vars beside a source. See
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables.
type besideVars struct {
	groups, hosts map[string]vars
	// sealedGroups and sealedHosts are files whose variables are unknown, as Ansible Vault encrypted them whole.
	sealedGroups, sealedHosts map[string][]string
}

// addBeside adds the variables beside a further source.
func (inv *contents) addBeside(b besideVars) { inv.beside = append(inv.beside, b) }
