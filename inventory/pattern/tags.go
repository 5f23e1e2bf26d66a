package pattern

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// tagPrefix begins a word that selects agents by a tag: tag:role=web, or tag:role for any value.
const tagPrefix = "tag:"

// addTagged adds the agents with the tag.
func (c *Chooser) addTagged(m *meaning) {
	key, value, hasValue := strings.Cut(strings.TrimPrefix(m.text, tagPrefix), "=")
	agents := c.agents.All()
	for i := range agents {
		agent := &agents[i]
		if has, found := agent.Tags[key]; found && (!hasValue || has == value) {
			m.add(c.agentChoice(agent))
		}
	}
	if len(m.choices) > 0 || c.addOdd(m.text) {
		return
	}
	c.problems.Add(fmt.Sprintf("can't resolve %s: no registered agent has this tag", naming.ShowWord(m.text)))
	c.problems.Hint("`sloth-runner agent list` shows agents and their tags")
}

// addAgents adds the registered agents with a matching name.
func (c *Chooser) addAgents(m *meaning, fits func(name string) bool) {
	agents := c.agents.All()
	for i := range agents {
		if agent := &agents[i]; fits(agent.Name) {
			m.add(c.agentChoice(agent))
		}
	}
}

// agentChoice returns the choice of an agent, with the host of the inventory that it belongs to, if there is one.
func (c *Chooser) agentChoice(agent *model.Agent) Choice {
	chosen := Choice{Name: agent.Name, Word: naming.Word{Host: agent.Name}, Host: c.hostOf(agent), Agent: agent}
	if chosen.Host != nil {
		chosen.Name = chosen.Host.Name
	}
	return chosen
}

// hostOf returns the host of the inventory that the agent belongs to, or nil.
func (c *Chooser) hostOf(agent *model.Agent) *model.Host {
	if h := c.inv.Host(agent.Name); h != nil {
		return h
	}
	if c.byAgentName == nil {
		c.byAgentName = map[string]*model.Host{}
		for _, h := range c.inv.AllHosts() {
			if !naming.IsAgent(h.Name) {
				c.byAgentName[naming.Agent(h.Name)] = h
			}
		}
	}
	return c.byAgentName[agent.Name]
}
