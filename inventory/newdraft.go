package inventory

import (
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// newDraft begins the target of a choice. Its error has the place in the inventory that is to blame, if one is.
func newDraft(c choice, inv *Inventory) draft {
	d := draft{choice: c}
	switch w := c.word; {
	case c.host != nil:
		d.conn, d.target, d.err = inventoryTarget(c, inv)
	case w.Kind == naming.AgentWord:
		d.target = Target{Name: c.name, Kind: Agent, Address: c.name}
	case w.Kind == naming.BareWord && naming.IsThisMachine(c.name):
		d.target = localTarget(c.name)
	default:
		d.conn = connection{host: w.Host, typed: w}
		d.target = Target{Name: c.name, Kind: SSH}
	}
	return d
}

// inventoryTarget begins the target of a host of the inventory.
func inventoryTarget(c choice, inv *Inventory) (connection, Target, error) {
	v := inv.Variables(c.host)
	conn, err := connectionOf(c.host, v, c.word)
	if err != nil {
		return conn, Target{}, err
	}
	target := localTarget(c.name)
	if !conn.local {
		target = Target{Name: c.name, Kind: SSH}
	}
	target.Become = conn.become
	target.Vars = v.ForTasks()
	target.VarsForAgent, err = model.EncodeVars(c.host, target.Vars, inv.Sealed(c.host))
	return conn, target, err
}

func localTarget(name string) Target {
	return Target{Name: name, Kind: Local, Address: "localhost"}
}
