package registry

import (
	"context"
	"slices"
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

const (
	// maxWait limits how long a revocation waits for agents.
	maxWait = 10 * time.Minute
	// maxNamed limits how many agents an answer names.
	maxNamed = 20
)

// awaitConfirmations waits until all attached agents have the newest revocations, at most for wait, and returns how
// many have. It does not wait for the revoked agent, whose attachment ends.
func (s *Service) awaitConfirmations(ctx context.Context, revoked trust.Identity, wait time.Duration, response *proto.RevokeResponse) error {
	number := s.config.Holder.Current().Revocations.Number()
	ctx, cancel := context.WithTimeout(ctx, min(wait, maxWait))
	defer cancel()
	for {
		confirmed, waiting, heard := s.roster.confirmations(number, revoked)
		response.Agents, response.Confirmed = uint32(confirmed+len(waiting)), uint32(confirmed)
		response.Unconfirmed = waiting[:min(len(waiting), maxNamed)]
		if len(waiting) > 0 && ctx.Err() == nil {
			select {
			case <-heard:
			case <-ctx.Done():
			}
			continue
		}
		absent, err := s.absent(context.WithoutCancel(ctx), revoked)
		response.Absent, response.AbsentNames = uint32(len(absent)), absent[:min(len(absent), maxNamed)]
		return err
	}
}

// absent returns the registered agents that may be running and are attached to no master.
func (s *Service) absent(ctx context.Context, revoked trust.Identity) (names []string, err error) {
	err = s.config.Store.Scan(ctx, agentPrefix, func(key string, value []byte) error {
		agent, err := store.Decode[agentRecord](key, value)
		if err != nil {
			return err
		}
		never := agent.LastSeen.IsZero()
		if id := (trust.Identity{Role: trust.Agent, Name: agent.Name}); id == revoked || agent.From != "" || agent.Gone || never {
			return nil
		}
		if attached, _ := s.roster.dialsOut(agent.Name); !attached && s.roster.masterOf(agent.Name) == "" {
			names = append(names, agent.Name)
		}
		return nil
	})
	return names, err
}

// confirmations returns how many attached agents have the list with a number, or a later one, and which have not. heard
// is closed when that may have changed.
func (r *roster) confirmations(number int64, but trust.Identity) (confirmed int, waiting []string, heard <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := func(name string, has int64) {
		switch {
		case but == trust.Identity{Role: trust.Agent, Name: name}:
		case has >= number:
			confirmed++
		default:
			waiting = append(waiting, name)
		}
	}
	for name, s := range r.attachments {
		if s.open {
			count(name, s.revocations)
		}
	}
	for name, e := range r.remote {
		if s := r.attachments[name]; e.live && (s == nil || !s.open) {
			count(name, e.Revocations)
		}
	}
	slices.Sort(waiting)
	return confirmed, waiting, r.heard
}

// hear records that an agent has other revocations, or is detached. The lock is held.
func (r *roster) hear() {
	close(r.heard)
	r.heard = make(chan struct{})
}
