package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sloth-runner/internal/pause"
	"sloth-runner/registry/store"
)

// gatherTime is how long changes are gathered before they are sent.
const gatherTime = 200 * time.Millisecond

// sendLoop sends this master's changes to the others, until the lease is lost or watching the others' changes fails.
func (c *Cluster) sendLoop(ctx context.Context, lease store.Lease, failed <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return err
		case <-lease.Lost():
			return errors.New("the store has not heard of this master for too long")
		case <-c.config.Agents.Wake():
		}
		if other := c.liveMaster(c.name); other.Instance != c.own.Instance && other.Instance != "" {
			return fmt.Errorf("another master has come under the name %s, at %s", c.name, other.Address)
		}
		if !pause.For(ctx, gatherTime) {
			return ctx.Err()
		}
		if err := c.write(ctx, lease); err != nil {
			return err
		}
	}
}

func (c *Cluster) write(ctx context.Context, lease store.Lease) error {
	for some := range slices.Chunk(c.config.Agents.Unsent(c.name), store.MaxChanges) {
		changes := make([]store.LiveChange, len(some))
		for i, presence := range some {
			changes[i] = store.LiveChange{Key: liveAgentPrefix + presence.Name, Claim: presence.Claimed != nil}
			if presence.Agent == nil {
				continue
			}
			value, err := json.Marshal(presence.Agent)
			if err != nil {
				return err
			}
			changes[i].Value = value
		}
		revision, err := lease.Write(ctx, changes)
		if err != nil {
			return err
		}
		for _, presence := range some {
			if presence.Claimed != nil {
				presence.Claimed(revision)
			}
		}
	}
	return nil
}
