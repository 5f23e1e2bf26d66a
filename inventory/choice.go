package inventory

// choice is a target to be: a word, and the host of the inventory and the registered agent that it names, if any.
type choice struct {
	name  string
	word  word
	host  *host
	agent *Registered
}

// names are those under which a pattern that narrows finds the choice: its own and that of the host, whatever the user and
// the port.
func (c choice) names() []string {
	if c.host != nil {
		return []string{c.name, c.host.name}
	}
	return []string{c.name, c.word.host}
}

// draft begins the target. Its error has the place in the inventory that is to blame, if one is.
func (c choice) draft(inv *Inventory) draft {
	d := draft{choice: c}
	switch w := c.word; {
	case c.host != nil:
		d.conn, d.target, d.err = c.inventoryTarget(inv)
	case w.kind == agentWord:
		d.target = Target{Name: c.name, Kind: Agent, Address: c.name}
	case w.kind == bareWord && isThisMachine(c.name):
		d.target = localTarget(c.name)
	default:
		d.conn = connection{host: w.host, typed: w}
		d.target = Target{Name: c.name, Kind: SSH}
	}
	return d
}

// inventoryTarget begins the target of a host of the inventory.
func (c choice) inventoryTarget(inv *Inventory) (connection, Target, error) {
	v := inv.variables(c.host)
	conn, err := connectionOf(c.host, v, c.word)
	if err != nil {
		return conn, Target{}, err
	}
	target := localTarget(c.name)
	if !conn.local {
		target = Target{Name: c.name, Kind: SSH}
	}
	target.Become = conn.become
	target.Vars = v.forTasks()
	target.VarsForAgent, err = encodeVars(c.host, target.Vars, inv.sealed(c.host))
	return conn, target, err
}

func localTarget(name string) Target {
	return Target{Name: name, Kind: Local, Address: "localhost"}
}
