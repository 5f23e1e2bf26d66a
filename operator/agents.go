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

// masterTimeout is how long a master is waited for whose list is known from before.
const masterTimeout = 3 * time.Second

// List is which agents there are.
type List struct {
	Agents []*proto.RegisteredAgent
	// Fresh says that a master gave it just now.
	Fresh bool
	// Silent is why no master gave it; nil: one did, or there is none.
	Silent error
}

// Agents asks the masters which agents there are. Where none answers, the list is the last that one gave.
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

// ask gets the list from a master, and keeps it with what else the master says.
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
	// The one that has answered is first, and is called first the next time.
	if addresses := masters.Addresses(); !slices.Equal(addresses, f.known.Masters) {
		f.known.Masters = addresses
		return f.saveKnown()
	}
	return nil
}

// last is the list that a master gave last; empty where none ever did.
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
		agent.State = proto.RegisteredAgent_UNKNOWN // what it was then says nothing now
	}
	return answer, nil
}

// Connection is what speaks with the masters in the operator's name, and renews his certificate when it is time; nil where
// there is none to speak with. It must be closed.
func (f *Fleet) Connection() *client.Masters {
	if f.holder == nil || len(f.known.Masters) == 0 {
		return nil
	}
	masters := client.NewMasters(f.holder, f.known.Masters)
	masters.Keep(f.known.Named)
	return masters
}

// Renew renews the operator's certificate when it is time. Until it ends, a master that does not answer is no error.
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

// Registered are the agents as words name them.
func (l List) Registered() []model.Agent {
	var all []model.Agent
	for _, agent := range l.Agents {
		all = append(all, model.Agent{
			Name: agent.GetName(), Address: agent.GetAddress(), Tags: agent.GetTags(), Through: agent.GetDialOut(),
		})
	}
	return all
}
