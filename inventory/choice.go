package inventory

// choice is a target to be: a word, and the host of the inventory that it names, if any.
type choice struct {
	name string
	word word
	host *host
}

// target makes the target. The error has the place in the inventory that is to blame, if one is.
func (c choice) target(inv *Inventory, d Defaults) (Target, error) {
	if c.host != nil {
		return c.inventoryTarget(inv, d)
	}
	switch w := c.word; {
	case w.kind == agentWord:
		return Target{Name: c.name, Kind: Agent, Address: c.name}, nil
	case w.kind == bareWord && isThisMachine(c.name):
		return localTarget(c.name), nil
	default:
		return connection{host: w.host, user: w.user, port: w.port}.sshTarget(c.name, d)
	}
}

// inventoryTarget makes the target of a host of the inventory.
func (c choice) inventoryTarget(inv *Inventory, d Defaults) (Target, error) {
	v := inv.variables(c.host)
	conn, err := connectionOf(c.host, v, c.word)
	if err != nil {
		return Target{}, err
	}
	target := localTarget(c.name)
	if !conn.local {
		if target, err = conn.sshTarget(c.name, d); err != nil {
			return Target{}, err
		}
	}
	target.Become, target.BecomeWhenWanted = conn.become, conn.becomeWhenWanted
	target.Vars = v.forTasks()
	target.VarsForAgent, err = encodeVars(c.host, target.Vars, inv.sealed(c.host))
	return target, err
}

func localTarget(name string) Target {
	return Target{Name: name, Kind: Local, Address: "localhost"}
}
