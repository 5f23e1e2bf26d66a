package agents

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"sloth-runner/cli/reach"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

const (
	// askingAtOnce bounds the agents that are asked at the same time, and askingLimit how long all of it may take.
	askingAtOnce = 64
	askingLimit  = 5 * time.Second
	// answerPatience is how long one agent may take for each step towards an answer.
	answerPatience = 2 * time.Second
)

// askUnknown asks the agents whose state no master has reported, and returns by name why one is not Active. An agent stays
// Unknown when there is no time left to ask it, or it refuses to answer.
func askUnknown(ctx context.Context, p *reach.Agents) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, askingLimit)
	defer cancel()
	agents := p.List.Agents
	errs := make([]error, len(agents))
	var asking errgroup.Group
	asking.SetLimit(askingAtOnce)
	for i, one := range agents {
		if one.GetState() != proto.RegisteredAgent_UNKNOWN || one.GetDialOut() || one.GetAddress() == "" {
			continue
		}
		asking.Go(func() error {
			if errs[i] = ctx.Err(); errs[i] == nil {
				var said *proto.AgentDescription
				said, errs[i] = p.Dialer(answerPatience, false).Describe(ctx, targetOf(one))
				one.State = stateAfter(ctx, errs[i])
				takeDescription(one, said)
			}
			return nil
		})
	}
	_ = asking.Wait() // what failed is in errs
	problems := map[string]error{}
	for i, err := range errs {
		if err != nil {
			problems[agents[i].GetName()] = err
		}
	}
	return problems
}

// maxDescribed bounds a text of an agent about itself, in bytes.
const maxDescribed = 256

// takeDescription takes what an agent says of itself.
func takeDescription(one *proto.RegisteredAgent, said *proto.AgentDescription) {
	if said.GetVersion() == "" {
		return
	}
	bound := func(text string) string { return fault.Bound(text, maxDescribed) }
	one.Version, one.Protocol, one.Account = bound(said.GetVersion()), said.GetProtocol(), bound(said.GetAccount())
	one.Os, one.Arch, one.Runs = bound(said.GetOs()), bound(said.GetArch()), said.GetRuns()
}

// stateAfter is the state of an agent that was asked.
func stateAfter(ctx context.Context, err error) proto.RegisteredAgent_State {
	switch {
	case err == nil:
		return proto.RegisteredAgent_ACTIVE
	case fault.Temporary(err) && ctx.Err() == nil:
		return proto.RegisteredAgent_GONE
	default:
		return proto.RegisteredAgent_UNKNOWN
	}
}

// targetOf is a registered agent as what a run connects to.
func targetOf(a *proto.RegisteredAgent) inventory.Target {
	return inventory.Target{
		Name: a.GetName(), Agent: a.GetName(), Kind: inventory.Agent, Address: a.GetAddress(), Through: a.GetDialOut(),
	}
}
