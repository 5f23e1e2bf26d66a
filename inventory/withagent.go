package inventory

import "sloth-runner/inventory/naming"

// withAgent returns the target that reaches the host through its persistent agent, with SSH as the fallback. A host that
// only the registry knows has no fallback, because its name means nothing to SSH.
func (r *resolution) withAgent(d draft) Target {
	agent := d.choice.Agent
	if agent == nil && d.choice.Word.Kind != naming.SSHWord && d.target.Kind == SSH {
		name := d.choice.Name
		if d.choice.Host != nil {
			name = naming.Agent(d.choice.Host.Name)
		}
		agent = r.agents.Named(name)
	}
	if agent == nil || d.target.Kind != SSH {
		return d.target
	}
	target := Target{
		Name: d.target.Name, Kind: Agent, Address: agent.Address, Agent: agent.Name, Through: agent.Through,
		Account: d.target.Account, Become: d.target.Become, Vars: d.target.Vars, VarsForAgent: d.target.VarsForAgent,
	}
	if d.choice.Host != nil || d.said.Named || len(d.said.Jumps) > 0 || d.said.ProxyCommand != "" {
		ssh := d.target
		target.OverSSH = &ssh
	}
	return target
}
