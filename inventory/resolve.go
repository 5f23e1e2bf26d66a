package inventory

import (
	"context"
	"fmt"

	"sloth-runner/internal/closest"
)

// Resolve returns the hosts that the words name, in the order of the words and each once; each word may be a list
// with commas. Names of targets are unique, and depend on their word and the inventory alone. DNS is asked about
// names that nothing else explains, for at most 5 seconds.
//
// The error is ctx's, or an *Error that has the problem of every word. That of a word which names nothing is, as
// the specification has it,
//
//	Failed to resolve agent 'host-name': agent not found
func (inv *Inventory) Resolve(ctx context.Context, words []string, d Defaults) ([]Target, error) {
	r := resolution{inv: inv, defaults: d, chosen: map[string]bool{}}
	if err := d.check(); err != nil {
		r.problems.add(err.Error())
	}
	texts := splitWords(words)
	if len(texts) == 0 {
		r.problems.add("expected the name of a host instead of an empty one")
	}
	for _, text := range texts {
		r.choose(text)
	}
	drafts := r.drafts(ctx)
	if err := r.checkNames(ctx, drafts); err != nil {
		return nil, err
	}
	targets := r.targets(drafts)
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return targets, nil
}

// resolution is one call of Resolve.
type resolution struct {
	inv      *Inventory
	defaults Defaults
	choices  []choice
	// chosen are the names of the choices.
	chosen   map[string]bool
	problems problems
}

// choose finds what a word names.
func (r *resolution) choose(text string) {
	if g := r.inv.groups[text]; g != nil {
		r.chooseGroup(g)
		return
	}
	if h := r.inv.hosts[text]; h != nil {
		r.add(choice{name: h.name, host: h})
		return
	}
	w, err := parseWord(text)
	if err != nil {
		r.problems.add(fmt.Sprintf("can't resolve %s: %v", showWord(text), err))
		return
	}
	c := choice{name: w.name(), word: w}
	if w.kind == sshWord {
		c.host = r.inv.hosts[w.host]
		if c.host == nil && r.inv.groups[w.host] != nil {
			r.problems.add(fmt.Sprintf("can't resolve %s: %s is a group of hosts", showWord(text), show(w.host)))
			r.problems.hint("name the group alone, and the user with -u")
			return
		}
	}
	r.add(c)
}

func (r *resolution) chooseGroup(g *group) {
	hosts := r.inv.members(g)
	if len(hosts) == 0 {
		r.problems.add(fmt.Sprintf("group %s has no hosts", show(g.name)))
		if len(r.inv.order) == 0 {
			r.problems.hint("give an inventory with -i FILE")
		}
	}
	for _, h := range hosts {
		r.add(choice{name: h.name, host: h})
	}
}

// add adds a choice unless it is there already.
func (r *resolution) add(c choice) {
	if !r.chosen[c.name] {
		r.chosen[c.name] = true
		r.choices = append(r.choices, c)
	}
}

// checkNames notes the names that the inventory, ssh_config and DNS don't know. The error is ctx's.
func (r *resolution) checkNames(ctx context.Context, drafts []draft) error {
	var names []string
	for i := range drafts {
		if drafts[i].needsDNS() {
			names = append(names, drafts[i].choice.name)
		}
	}
	results := r.inv.lookUp.findAll(ctx, names)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("look up hosts: %w", err)
	}
	for i, err := range results {
		if err != nil {
			r.notFound(names[i], err)
		}
	}
	return nil
}

// notFound notes that nothing knows the name.
func (r *resolution) notFound(name string, err error) {
	r.problems.add(fmt.Sprintf("Failed to resolve agent '%s': agent not found", name))
	if r.problems.more > 0 {
		return
	}
	if known := closest.Match(name, append(r.knownNames(), "localhost")); known != "" {
		r.problems.hint(fmt.Sprintf("did you mean '%s' instead of '%s'?", known, name))
	} else if noAnswer(err) {
		r.problems.hint(fmt.Sprintf("DNS did not answer for '%s'; user@%s is taken without asking", name, name))
	} else if len(r.problems.hints) == 0 {
		r.problems.hint(howToName)
	}
}

// howToName is for someone whose word is near to nothing that is known.
const howToName = "a host of an inventory needs -i FILE; without one, say user@HOST for SSH, or HOST:PORT for an agent"

// knownNames are those of the inventory and of ssh_config.
func (r *resolution) knownNames() []string {
	names := r.inv.names()
	if r.defaults.SSHConfig != nil {
		names = append(names, r.defaults.SSHConfig.Names(r.defaults.SSHArgs.ConfigFile)...)
	}
	return names
}

// targets returns the targets and notes what stands against them.
func (r *resolution) targets(drafts []draft) []Target {
	targets := make([]Target, 0, len(drafts))
	for _, d := range drafts {
		if d.err != nil {
			r.problems.add(d.err.Error())
			continue
		}
		targets = append(targets, d.target)
	}
	return targets
}
