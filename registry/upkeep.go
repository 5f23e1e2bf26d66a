package registry

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
)

const (
	// sweepEvery is the interval for checking states that change with time.
	sweepEvery = time.Second
	// purgeEvery is the interval for removing expired tokens.
	purgeEvery = time.Hour
	// lastWrites limits how long the master may write the times of last reports when it stops.
	lastWrites = 3 * time.Second
)

// Upkeep does periodic work until ctx ends, and then writes the times of agents' last reports. It retries what fails: a
// master that serves from memory is more useful than one that has stopped.
func (s *Service) Upkeep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	var purged time.Time
	for {
		var err error
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrites)
			defer cancel()
			s.warn(last, s.writeSeen(last, s.roster.unwritten(0), false))
			return
		case <-s.suspects.wake:
			err = s.learn(ctx)
		case <-ticker.C:
			s.roster.sweep()
			err = s.writeSeen(ctx, s.roster.unwritten(seenEvery), false)
			if now := s.config.Now(); now.Sub(purged) >= purgeEvery {
				purged = now
				err = errors.Join(err, s.purge(ctx))
			}
		}
		s.warn(ctx, err)
	}
}

// warn reports a failure. An unavailable store is reported by the cluster.
func (s *Service) warn(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && s.cluster.IsWell() {
		s.config.Warn(err)
	}
}

// learn reads from the store what other masters have changed about revocations and about agents of this master.
func (s *Service) learn(ctx context.Context) error {
	names, all := s.suspects.take()
	s.roster.touch()
	err := s.publish(ctx)
	if all {
		names = s.roster.here()
	}
	for _, name := range names {
		if !s.roster.isAttached(name) {
			continue
		}
		var agent agentRecord
		var found bool
		failure := s.view(ctx, func(tx store.Tx) (err error) {
			agent, found, err = store.Get[agentRecord](tx, agentKey(name))
			return err
		})
		switch {
		case failure != nil:
			err = errors.Join(err, failure)
		case !found:
			s.roster.forget(name)
		case agent.Rename != "":
			s.roster.notify(name, &proto.MasterNote{Renew: true})
		}
	}
	return err
}

// writeSeen writes when agents have last reported, or that they are gone.
func (s *Service) writeSeen(ctx context.Context, seen map[string]time.Time, gone bool) error {
	for names := range slices.Chunk(slices.Sorted(maps.Keys(seen)), store.MaxChanges) {
		err := s.update(ctx, func(tx store.Tx) error {
			for _, name := range names {
				agent, found, err := store.Get[agentRecord](tx, agentKey(name))
				if err != nil {
					return err
				}
				if !found || agent.LastSeen.After(seen[name]) {
					continue
				}
				agent.LastSeen, agent.Gone = seen[name], gone || agent.Gone
				if err := store.Put(tx, agentKey(name), agent); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// purge removes expired tokens.
func (s *Service) purge(ctx context.Context) error {
	now := s.config.Now()
	var expired []string
	err := s.config.Store.Scan(ctx, tokenPrefix, func(key string, value []byte) error {
		var token tokenRecord
		if json.Unmarshal(value, &token) == nil && now.After(token.Expires) {
			expired = append(expired, key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for keys := range slices.Chunk(expired, store.MaxChanges) {
		if err := s.update(ctx, func(tx store.Tx) error { return store.DeleteAll(tx, keys) }); err != nil {
			return err
		}
	}
	return nil
}
