package inventory

import (
	"context"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/pattern"
	"sloth-runner/sshconfig"
)

// draft is a target before ssh_config was read for it.
type draft struct {
	choice pattern.Choice
	target Target
	conn   connection
	// said are the settings of ssh_config, for targets of kind SSH.
	said sshconfig.Settings
	// err is why the target can't be used.
	err error
}

// drafts returns a draft for each choice. For those that SSH reaches it reads ssh_config, concurrently.
func (r *resolution) drafts(ctx context.Context, choices []pattern.Choice) []draft {
	drafts := make([]draft, len(choices))
	var asked []*draft
	var queries []sshconfig.Query
	for i, c := range choices {
		d := &drafts[i]
		*d = newDraft(c, r.inv)
		if d.target.Kind == Agent {
			d.target.Account = r.defaults.User
		}
		if d.err == nil && d.target.Kind == SSH {
			asked = append(asked, d)
			queries = append(queries, d.conn.query(r.defaults))
		}
	}
	settings, errs := r.defaults.reader().LookUpAll(ctx, queries)
	for i, d := range asked {
		if d.said, d.err = settings[i], errs[i]; d.err == nil {
			d.err = d.conn.finish(&d.target, d.said, r.defaults)
		}
	}
	return drafts
}

// needsDNS reports whether only DNS can show that the name is that of a host: a bare word that ssh_config does not have,
// and that no jump host or proxy command reaches.
func (d *draft) needsDNS() bool {
	c := d.choice
	if d.err != nil || c.Host != nil || c.Agent != nil || c.Word.Kind != naming.BareWord || naming.IsThisMachine(c.Name) || c.Word.IsAddress() {
		return false
	}
	return !d.said.Named && len(d.said.Jumps) == 0 && d.said.ProxyCommand == ""
}

// newDraft returns the draft of a choice. Its error has the place in the inventory that caused it, if there is one.
func newDraft(c pattern.Choice, inv *Inventory) draft {
	d := draft{choice: c}
	switch w := c.Word; {
	case c.Host != nil:
		d.conn, d.target, d.err = inventoryTarget(c, inv)
	case w.Kind == naming.AgentWord:
		d.target = Target{Name: c.Name, Kind: Agent, Address: c.Name}
	case w.Kind == naming.BareWord && naming.IsThisMachine(c.Name):
		d.target = localTarget(c.Name)
	default:
		d.conn = connection{host: w.Host, typed: w}
		d.target = Target{Name: c.Name, Kind: SSH}
	}
	return d
}

// inventoryTarget returns the connection and the first fields of the target of a host of the inventory.
func inventoryTarget(c pattern.Choice, inv *Inventory) (connection, Target, error) {
	v := inv.Variables(c.Host)
	conn, err := connectionOf(c.Host, v, c.Word)
	if err != nil {
		return conn, Target{}, err
	}
	target := localTarget(c.Name)
	if !conn.local {
		target = Target{Name: c.Name, Kind: SSH}
	}
	target.Become = conn.become
	target.Vars = v.ForTasks()
	target.VarsForAgent, err = model.EncodeVars(c.Host, target.Vars, inv.Sealed(c.Host))
	return conn, target, err
}

func localTarget(name string) Target {
	return Target{Name: name, Kind: Local, Address: "localhost"}
}
