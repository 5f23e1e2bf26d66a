package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// Registered is a persistent agent that is known by its name.
type Registered struct {
	Name string
	// Address is where it serves, host:port.
	Address string
	Tags    map[string]string
	// Through says that it can't be reached but through its master.
	Through bool
}

// tagPrefix begins a word that names agents by a tag: tag:role=web, or tag:role for any value.
const tagPrefix = "tag:"

// agents are those that are known by name. They are asked for once.
func (r *resolution) agents() []Registered {
	if ask := r.defaults.AskAgents; ask != nil {
		r.defaults.Agents, r.defaults.AskAgents = ask(), nil
	}
	return r.defaults.Agents
}

// registered returns the agent of that name. What can't be the name of one is not asked for.
func (r *resolution) registered(name string) *Registered {
	if isThisMachine(name) || strings.ContainsAny(name, "@:/") {
		return nil
	}
	agents := r.agents()
	at := slices.IndexFunc(agents, func(a Registered) bool { return a.Name == name })
	if at < 0 {
		return nil
	}
	return &agents[at]
}

// addTagged adds the agents that have the tag.
func (r *resolution) addTagged(m *meaning) {
	key, value, hasValue := strings.Cut(strings.TrimPrefix(m.text, tagPrefix), "=")
	agents := r.agents()
	for i := range agents {
		agent := &agents[i]
		if has, found := agent.Tags[key]; found && (!hasValue || has == value) {
			m.add(r.agentChoice(agent))
		}
	}
	if len(m.choices) > 0 || r.addOdd(m.text) {
		return
	}
	r.problems.add(fmt.Sprintf("can't resolve %s: no registered agent has this tag", showWord(m.text)))
	r.problems.hint("`sloth-runner agent list` shows agents and their tags")
}

// addAgents adds the registered agents whose name fits.
func (r *resolution) addAgents(m *meaning, fits func(name string) bool) {
	agents := r.agents()
	for i := range agents {
		if agent := &agents[i]; fits(agent.Name) {
			m.add(r.agentChoice(agent))
		}
	}
}

// agentChoice is the agent, and the host of the inventory whose agent it is, if there is one.
func (r *resolution) agentChoice(agent *Registered) choice {
	c := choice{name: agent.Name, word: word{host: agent.Name}, host: r.hostOf(agent), agent: agent}
	if c.host != nil {
		c.name = c.host.name
	}
	return c
}

// hostOf is the host of the inventory whose agent has this name; nil: there is none.
func (r *resolution) hostOf(agent *Registered) *host {
	if h := r.inv.hosts[agent.Name]; h != nil {
		return h
	}
	if r.byAgentName == nil {
		r.byAgentName = map[string]*host{}
		for _, h := range r.inv.order {
			if !isAgentName(h.name) {
				r.byAgentName[AgentName(h.name)] = h
			}
		}
	}
	return r.byAgentName[agent.Name]
}

// withAgent lets the agent of a target's name stand before the way over SSH, which is left for when it does not answer. A
// host that nothing but the registry knows has no such way: its name says nothing to SSH.
func (r *resolution) withAgent(d draft) Target {
	agent := d.choice.agent
	if agent == nil && d.choice.word.kind != sshWord && d.target.Kind == SSH {
		name := d.choice.name
		if d.choice.host != nil {
			name = AgentName(d.choice.host.name)
		}
		agent = r.registered(name)
	}
	if agent == nil || d.target.Kind != SSH {
		return d.target
	}
	target := Target{
		Name: d.target.Name, Kind: Agent, Address: agent.Address, Agent: agent.Name, Through: agent.Through,
		Account: d.target.Account, Become: d.target.Become, Vars: d.target.Vars, VarsForAgent: d.target.VarsForAgent,
	}
	if d.choice.host != nil || d.said.Named || len(d.said.Jumps) > 0 || d.said.ProxyCommand != "" {
		ssh := d.target
		target.OverSSH = &ssh
	}
	return target
}
