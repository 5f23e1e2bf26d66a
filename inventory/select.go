package inventory

import (
	"context"
	"fmt"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/pattern"
)

// Selected is a host and how it is reached.
type Selected struct {
	// Name is the name of the target, and Host that of the host in the inventory; "" where it is not there.
	Name, Host string
	// Target says how it is reached; Err is what stands against that.
	Target Target
	Err    error
	// Unused are the variables of Ansible that decide nothing, each with the reason; nil where Err is set.
	Unused map[string]string
}

// Select returns what the words name, as Resolve does, but what stands against one host is no error of the others. Without
// words it is all hosts of the inventory, be there none.
func (inv *Inventory) Select(ctx context.Context, words []string, d Defaults) ([]Selected, error) {
	return inv.NewLimit(nil).Select(ctx, words, d)
}

// Select is that of the Inventory, without the hosts that the limit keeps out.
func (l *Limit) Select(ctx context.Context, words []string, d Defaults) ([]Selected, error) {
	r := newResolution(l.inv, d)
	if err := d.check(); err != nil {
		r.problems.Add(err.Error())
	}
	choices := pattern.Hosts(l.inv.AllHosts())
	if len(words) > 0 {
		choices = r.chooser.Words(words)
	}
	choices, _ = l.narrow(choices)
	return r.selected(ctx, choices)
}

// SelectHost is Select for one host, which is not taken for a pattern or a group where the inventory has it.
func (inv *Inventory) SelectHost(ctx context.Context, word string, d Defaults) (Selected, error) {
	r := newResolution(inv, d)
	if err := d.check(); err != nil {
		r.problems.Add(err.Error())
	}
	var choices []pattern.Choice
	if h := inv.Host(word); h != nil {
		choices = pattern.Hosts([]*model.Host{h})
	} else {
		choices = r.chooser.Words([]string{word})
		if len(choices) != 1 && r.problems.Count() == 0 {
			r.problems.Add(fmt.Sprintf("expected one host, and %s is %d", naming.ShowWord(word), len(choices)))
			r.problems.Hint("name one of them: " + pattern.Summary(choices))
		}
	}
	selected, err := r.selected(ctx, choices)
	if err != nil {
		return Selected{}, err
	}
	return selected[0], nil
}

func (r *resolution) selected(ctx context.Context, choices []pattern.Choice) ([]Selected, error) {
	drafts := r.drafts(ctx, choices)
	if err := r.checkNames(ctx, drafts); err != nil {
		return nil, err
	}
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	selected := make([]Selected, len(drafts))
	for i, d := range drafts {
		selected[i] = Selected{Name: d.choice.Name, Target: r.withAgent(d), Err: d.err}
		if d.choice.Host != nil {
			selected[i].Host = d.choice.Host.Name
			if d.err == nil {
				selected[i].Unused = d.conn.unused(r.inv.Variables(d.choice.Host), r.defaults)
			}
		}
	}
	return selected, nil
}
