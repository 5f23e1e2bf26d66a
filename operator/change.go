package operator

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// Known returns an agent that was added on this machine, or nil.
func (f *Fleet) Known(name string) *proto.RegisteredAgent {
	if i := slices.IndexFunc(f.known.agents, named(name)); i >= 0 {
		return f.known.agents[i]
	}
	return nil
}

// Signs reports whether the certificate of an agent is issued by this machine's own authority.
func (f *Fleet) Signs(name string) bool {
	return f.Authority() != nil || f.authority != nil && slices.Contains(f.known.Own, name)
}

// Sign issues a certificate of this machine's own authority for an agent; request is the agent's (PKCS #10, DER).
func (f *Fleet) Sign(name string, request []byte) ([]byte, error) {
	cert, err := f.authority.Issue(request, trust.Identity{Role: trust.Agent, Name: name}, ownLife, time.Now())
	if err != nil {
		return nil, err
	}
	return cert.Raw, nil
}

// CheckRename returns an error if an agent that was added on this machine can't get a name.
func (f *Fleet) CheckRename(name, newName string) error {
	if err := trust.CheckName(newName); err != nil {
		return err
	}
	if name != newName && f.Known(newName) != nil {
		return &fault.Error{Err: fmt.Errorf("there is an agent %s already", newName), Hint: "choose another name, or remove that agent first"}
	}
	return nil
}

// Rename changes the name of an agent that was added on this machine.
func (f *Fleet) Rename(name, newName string) error {
	if err := f.CheckRename(name, newName); err != nil {
		return err
	}
	f.Known(name).Name = newName
	if i := slices.Index(f.known.Own, name); i >= 0 {
		f.known.Own[i] = newName
	}
	return f.saveKnown()
}

// Tag sets and removes tags of an agent that was added on this machine.
func (f *Fleet) Tag(name string, set map[string]string, remove []string) (*proto.RegisteredAgent, error) {
	agent := f.Known(name)
	if agent.Tags == nil {
		agent.Tags = map[string]string{}
	}
	for _, tag := range remove {
		delete(agent.Tags, tag)
	}
	maps.Copy(agent.Tags, set)
	return agent, f.saveKnown()
}
