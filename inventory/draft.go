package inventory

import (
	"context"

	"sloth-runner/inventory/naming"
	"sloth-runner/sshconfig"
)

// draft is a target of which ssh_config has still to be asked.
type draft struct {
	choice choice
	target Target
	conn   connection
	// said is what ssh_config says, for targets of kind SSH.
	said sshconfig.Settings
	// err is what stands against the target.
	err error
}

// drafts makes one for each choice, and asks ssh_config about those that SSH reaches, all at the same time.
func (r *resolution) drafts(ctx context.Context, choices []choice) []draft {
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

// needsDNS reports whether only DNS can say that the name is one of a host: a bare word, which ssh_config does not name
// and leads to directly.
func (d *draft) needsDNS() bool {
	c := d.choice
	if d.err != nil || c.host != nil || c.agent != nil || c.word.Kind != naming.BareWord || naming.IsThisMachine(c.name) || c.word.IsAddress() {
		return false
	}
	return !d.said.Named && len(d.said.Jumps) == 0 && d.said.ProxyCommand == ""
}
