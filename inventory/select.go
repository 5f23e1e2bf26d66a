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
	// Name is the name of the target. Host is the name of the host in the inventory, or "" if it has none.
	Name, Host string
	// Target says how the host is reached. Err says why it can't be.
	Target Target
	Err    error
	// Unused are Ansible's variables without an effect, each with the reason; nil if Err is set.
	Unused map[string]string
}

// Select returns the hosts of the words, as Resolve does, but a problem with one host is not an error for the others.
// Without words it returns all hosts of the inventory, which may be none.
func (inv *Inventory) Select(ctx context.Context, words []string, d Defaults) ([]Selected, error) {
	return inv.NewLimit(nil).Select(ctx, words, d)
}

// Select is like Inventory.Select, without the hosts that the limit does not cover.
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

// SelectHost is Select for one host. If the inventory has a host called word, the word is not read as a pattern or a
// group.
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
