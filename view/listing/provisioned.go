package listing

import (
	"strings"

	"sloth-runner/proto"
	"sloth-runner/provision"
)

// provisioned is what became of a host that was to get a persistent agent, or to lose it.
type provisioned struct {
	Host    string   `json:"host"`
	Agent   string   `json:"agent"`
	Address string   `json:"address,omitempty"`
	Phase   string   `json:"phase"`
	State   string   `json:"state,omitempty"`
	Service string   `json:"service,omitempty"`
	Version string   `json:"version,omitempty"`
	Message string   `json:"message,omitempty"`
	Error   *Trouble `json:"error,omitempty"`
}

// Provisioned writes what became of hosts. through reports whether an agent is reached through its master.
func (w Writer) Provisioned(results []provision.Result, through func(agent string) bool) error {
	all := []provisioned{} // [] and not null
	var rows [][]string
	var troubles []*Trouble
	for _, r := range results {
		one := newProvisioned(r)
		where := r.Address
		if through(r.Name) {
			where = throughMaster
		}
		all, troubles = append(all, one), append(troubles, one.Error)
		rows = append(rows, []string{r.Host, where, one.what()})
	}
	return w.results(all, []string{"Host", "Address", "Agent"}, rows, troubles)
}

func newProvisioned(r provision.Result) provisioned {
	p := provisioned{
		Host: r.Host, Agent: r.Name, Address: r.Address, Phase: string(r.Phase), Service: r.Service, Version: r.Version,
		Message: r.Message, Error: troubleOf(r.Err),
	}
	if r.State != proto.SetupReport_UNKNOWN {
		p.State = strings.ToLower(r.State.String())
	}
	return p
}

// what says in one line what became of the agent.
func (p *provisioned) what() string {
	if p.Error != nil {
		return p.Error.line()
	}
	text := p.State
	if p.Service != "" {
		text += ", " + p.Service
	}
	if p.Message != "" {
		text += "; " + p.Message
	}
	return text
}
