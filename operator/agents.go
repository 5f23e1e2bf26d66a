package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/model"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// masterTimeout is how long to wait for a master when there is an earlier list.
const masterTimeout = 3 * time.Second

// List is a list of agents.
type List struct {
	Agents []*proto.RegisteredAgent
	// Fresh says that a master has just sent it.
	Fresh bool
	// Silent is why no master has sent it, or nil.
	Silent error
}

// Agents asks the masters for the list of agents. When none answers, it returns the last list.
func (f *Fleet) Agents(ctx context.Context, masters *client.Masters) (List, error) {
	list := List{Agents: slices.Clone(f.known.agents)}
	if masters == nil {
		return list, nil
	}
	ctx, cancel := context.WithTimeout(ctx, masterTimeout)
	defer cancel()
	answer, err := f.ask(ctx, masters)
	if err != nil {
		list.Silent = err
		if answer, err = f.last(); err != nil {
			return list, err
		}
	}
	list.Fresh = list.Silent == nil
	for _, agent := range answer.GetAgents() {
		if !slices.ContainsFunc(list.Agents, named(agent.GetName())) {
			list.Agents = append(list.Agents, agent)
		}
	}
	slices.SortFunc(list.Agents, func(a, b *proto.RegisteredAgent) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return list, nil
}

// ask gets the list from a master, and stores it with the master's other data.
func (f *Fleet) ask(ctx context.Context, masters *client.Masters) (*proto.ListResponse, error) {
	var answer *proto.ListResponse
	err := masters.Do(ctx, func(ctx context.Context, registry proto.RegistryClient) (err error) {
		answer, err = registry.List(ctx, &proto.ListRequest{})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, f.keep(answer, masters)
}

func (f *Fleet) keep(answer *proto.ListResponse, masters *client.Masters) error {
	data, err := protojson.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode the list of agents: %w", err)
	}
	if err := trust.WriteFile(f.cache, lastFile, data, 0o600); err != nil {
		return err
	}
	if der := answer.GetRevocations(); len(der) > 0 {
		revocations, err := trust.ParseRevocations(der, f.holder.Current().Authority)
		if err != nil {
			return err
		}
		if revocations.Newer(f.holder.Current().Revocations) {
			if err := f.holder.Revoke(revocations).Save(f.dir); err != nil {
				return err
			}
		}
	}
	masters.Learn(answer.GetMasters())
	// The master that answered is tried first the next time.
	if addresses := masters.Addresses(); !slices.Equal(addresses, f.known.Masters) {
		f.known.Masters = addresses
		return f.saveKnown()
	}
	return nil
}

// last returns the last list from a master, or an empty one.
func (f *Fleet) last() (*proto.ListResponse, error) {
	path := filepath.Join(f.cache, lastFile)
	data, err := readBounded(path)
	answer := &proto.ListResponse{}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return answer, nil
	case err != nil:
		return nil, err
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, answer); err != nil {
		return nil, &fault.Error{Err: fmt.Errorf("%s is not what this program wrote", path), Hint: "remove it"}
	}
	for _, agent := range answer.GetAgents() {
		agent.State = proto.RegisteredAgent_UNKNOWN // its state then says nothing about now
	}
	return answer, nil
}

// Connection calls the masters as the operator, and renews the operator's certificate when it is time. It is nil when
// there is no master. It must be closed.
func (f *Fleet) Connection() *client.Masters {
	if f.holder == nil || len(f.known.Masters) == 0 {
		return nil
	}
	masters := client.NewMasters(f.holder, f.known.Masters)
	masters.Keep(f.known.Named)
	return masters
}

// Renew renews the operator's certificate when it is time. Before the certificate expires, a silent master is not an
// error.
func (f *Fleet) Renew(ctx context.Context, masters *client.Masters, now time.Time) error {
	if masters == nil || now.Before(f.holder.Current().RenewAt()) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, masterTimeout)
	defer cancel()
	renewer := &client.Renewer{Masters: masters, Holder: f.holder, Save: func(c *trust.Credentials) error { return c.Save(f.dir) }}
	if err := renewer.Renew(ctx); err != nil && now.After(f.holder.Current().Cert.NotAfter) {
		return err
	}
	return nil
}

// Registered returns the agents in a list by name and tag.
func (l List) Registered() []model.Agent {
	var all []model.Agent
	for _, agent := range l.Agents {
		all = append(all, model.Agent{
			Name: agent.GetName(), Address: agent.GetAddress(), Tags: agent.GetTags(), Through: agent.GetDialOut(),
		})
	}
	return all
}
