package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory/pattern"
	"sloth-runner/inventory/problems"
)

// Resolve returns the hosts that the words name, each once. All words together are one pattern, and the hosts are in the
// order of its parts. The names of targets are unique, and depend only on their word and the inventory. DNS is asked
// about names that are known nowhere else, for at most 5 seconds.
//
// The error is that of ctx, or a *problems.Error with the problem of each word. It has the problems of hosts only if all
// hosts have one; else a host with a problem gets a Target with that Problem. The specification defines the text for a
// word that names nothing:
//
//	Failed to resolve agent 'host-name': agent not found
//
// If there is an inventory and no agent is known, the word can't be an agent, and the text is
//
//	Failed to resolve 'host-name': host or group not found
func (inv *Inventory) Resolve(ctx context.Context, words []string, d Defaults) ([]Target, error) {
	targets, _, err := inv.resolve(ctx, words, d, nil)
	return targets, err
}

// resolve is Resolve with an optional limit. With a limit, all hosts may be left out; out are the names of those left
// out.
func (inv *Inventory) resolve(ctx context.Context, words []string, d Defaults, limit *Limit) (targets []Target, out []string, err error) {
	r := newResolution(inv, d)
	if err := d.check(); err != nil {
		r.problems.Add(err.Error())
	}
	choices := r.chooser.Words(words)
	if limit != nil {
		choices, out = limit.narrow(choices)
	}
	drafts := r.drafts(ctx, choices)
	if err := r.checkNames(ctx, drafts); err != nil {
		return nil, nil, err
	}
	targets = r.targets(drafts)
	if err := r.problems.Err(); err != nil {
		return nil, nil, err
	}
	return targets, out, nil
}

// resolution is one call of Resolve.
type resolution struct {
	inv      *Inventory
	defaults Defaults
	agents   *pattern.Agents
	chooser  *pattern.Chooser
	problems *problems.List
}

func newResolution(inv *Inventory, d Defaults) *resolution {
	r := &resolution{inv: inv, defaults: d, agents: pattern.NewAgents(d.Agents, d.AskAgents), problems: &problems.List{}}
	r.chooser = pattern.NewChooser(inv.Inventory, r.agents, r.problems, func(name string) { r.notFound(name, nil) })
	return r
}

// checkNames adds a problem for each name that the inventory, ssh_config and DNS don't know. The error is that of ctx.
func (r *resolution) checkNames(ctx context.Context, drafts []draft) error {
	var names []string
	for i := range drafts {
		if drafts[i].needsDNS() {
			names = append(names, drafts[i].choice.Name)
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

// notFound adds the problem that a name is unknown. err is the answer of DNS, nil if it was not asked.
func (r *resolution) notFound(name string, err error) {
	if len(r.inv.AllHosts()) > 0 && len(r.agents.All()) == 0 {
		r.problems.Add(fmt.Sprintf("Failed to resolve '%s': host or group not found", name))
	} else {
		r.problems.Add(fmt.Sprintf("Failed to resolve agent '%s': agent not found", name))
	}
	if r.problems.IsOver() {
		return
	}
	if known := closest.Match(name, append(r.knownNames(), "localhost")); known != "" {
		r.problems.Hint(fmt.Sprintf("did you mean '%s' instead of '%s'?", known, name))
	} else if err != nil && noAnswer(err) {
		r.problems.Hint(fmt.Sprintf("DNS did not answer for '%s'; user@%s is taken without asking", name, name))
	} else if !r.problems.HasHint() {
		r.problems.Hint(r.howToFind())
	}
}

// Hints for a word that is not close to any known name: without an inventory, and with one.
const (
	howToName = "a host of an inventory needs -i FILE; without one, say user@HOST for SSH, or HOST:PORT for an agent"
	howToList = "`sloth-runner inventory list` shows what the inventory has; for others, say user@HOST for SSH, or HOST:PORT for an agent"
)

// howToFind returns one of these hints. If a directory has a skipped .ini file, the name is probably in there, and the
// hint says so.
func (r *resolution) howToFind() string {
	isHosts := func(path string) bool { return strings.HasSuffix(path, ".ini") }
	passedOver := r.inv.PassedOver()
	switch at := slices.IndexFunc(passedOver, isHosts); {
	case at >= 0:
		return fmt.Sprintf("%s was not read, for the end of its name, as in Ansible: rename it, or name it with -i",
			problems.ShowPath(passedOver[at]))
	case len(r.inv.AllHosts()) > 0:
		return howToList
	default:
		return howToName
	}
}

// knownNames returns the names of the inventory, the agents and ssh_config.
func (r *resolution) knownNames() []string {
	names := r.inv.Names()
	for _, agent := range r.agents.All() {
		names = append(names, agent.Name)
	}
	if r.defaults.SSHConfig != nil {
		names = append(names, r.defaults.SSHConfig.Names(r.defaults.SSHArgs.ConfigFile)...)
	}
	return names
}

// targets returns the targets. A host with a problem gets a target with that problem; if all hosts have a
// problem, or a word has one, the problems of hosts are added to the list instead.
func (r *resolution) targets(drafts []draft) []Target {
	someRight := r.problems.Count() == 0 && slices.ContainsFunc(drafts, func(d draft) bool { return d.err == nil })
	targets := make([]Target, 0, len(drafts))
	for _, d := range drafts {
		switch {
		case d.err == nil:
			targets = append(targets, r.withAgent(d))
		case someRight:
			problem := &fault.Error{Stage: fault.Resolve, Host: d.choice.Name, Err: d.err}
			targets = append(targets, Target{Name: d.choice.Name, Kind: SSH, Problem: problem})
		default:
			r.problems.Add(d.err.Error())
		}
	}
	return targets
}
