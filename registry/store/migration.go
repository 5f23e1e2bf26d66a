package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
)

// Unfinished is the place in the owner record of a registry that is being copied.
const Unfinished = "a place that it has not reached: a migration was interrupted"

// movedTogether is how many entries are copied at once.
const movedTogether = 25

// ErrNoOwner says that a store has no registry that was set up.
var ErrNoOwner = errors.New("the store has no record of whose registry it is")

// Migration moves a registry from one store to another. No master may run with either of them.
type Migration struct {
	From, To Store
	// Place is the name of To for messages, the same on all machines.
	Place string
	// Fingerprint is the fingerprint of the registry's authority; see Owner.
	Fingerprint string
}

// Run moves the registry, and returns how many entries were copied. It may be interrupted at any moment and run again.
// The old registry is kept, with a note of the new place.
func (m *Migration) Run(ctx context.Context) (entries int, err error) {
	for _, s := range []Store{m.From, m.To} {
		if err := nobodyUses(ctx, s); err != nil {
			return 0, err
		}
	}
	done, err := m.mayMove(ctx)
	if err != nil || done {
		return 0, err
	}
	if entries, err = m.copy(ctx); err != nil {
		return 0, err
	}
	// Until From has the new place, To is not in use, and another run starts again.
	if err := m.mark(ctx, m.From, m.Place); err != nil {
		return 0, err
	}
	return entries, m.mark(ctx, m.To, "")
}

// nobodyUses returns an error when a master is running with a store.
func nobodyUses(ctx context.Context, s Store) error {
	var masters []string
	err := s.Scan(ctx, LiveMasterPrefix, func(key string, _ []byte) error {
		masters = append(masters, strings.TrimPrefix(key, LiveMasterPrefix))
		return nil
	})
	if err != nil || len(masters) == 0 {
		return err
	}
	return &fault.Error{
		Err:  fmt.Errorf("masters are running with the registry: %s", strings.Join(masters, ", ")),
		Hint: fmt.Sprintf("stop them first; one that was killed counts as running for %s", LeaseTTL),
	}
}

// mayMove returns an error when the registry can't be moved. done says that it was moved before.
func (m *Migration) mayMove(ctx context.Context) (done bool, err error) {
	source, found, err := OwnerOf(ctx, m.From)
	if err != nil {
		return false, err
	}
	target, used, err := OwnerOf(ctx, m.To)
	if err != nil {
		return false, err
	}
	switch {
	case !found:
		return false, ErrNoOwner
	case source.MovedTo != "" && source.MovedTo != m.Place:
		return false, fmt.Errorf("the registry is not here any more: it was moved to %s", source.MovedTo)
	case used && target.Fingerprint != m.Fingerprint:
		return false, fmt.Errorf("%s has the registry of another authority", m.Place)
	case used && target.MovedTo == "" && source.MovedTo != "":
		return true, nil
	case used && target.MovedTo == "":
		return false, &fault.Error{
			Err:  fmt.Errorf("%s has a registry of this authority, which is in use", m.Place),
			Hint: "set the master up anew to have it share that one (`sloth-runner master init --authority`)",
		}
	}
	return false, nil
}

// mark writes where a registry was moved to; "" means that it is here.
func (m *Migration) mark(ctx context.Context, s Store, movedTo string) error {
	return SetOwner(ctx, s, Owner{Fingerprint: m.Fingerprint, MovedTo: movedTo})
}

// copy makes To a copy of From, whatever it had.
func (m *Migration) copy(ctx context.Context) (entries int, err error) {
	if err := m.mark(ctx, m.To, Unfinished); err != nil {
		return 0, err
	}
	old, err := entriesOf(ctx, m.To)
	if err != nil {
		return 0, err
	}
	all, err := entriesOf(ctx, m.From)
	if err != nil {
		return 0, err
	}
	err = each(ctx, m.To, old, func(tx Tx, e Change) error { return tx.Delete(e.Key) })
	if err != nil {
		return 0, err
	}
	return len(all), each(ctx, m.To, all, func(tx Tx, e Change) error { return tx.Put(e.Key, e.Value) })
}

// each calls a function with a few entries at a time: etcd limits the size of a transaction.
func each(ctx context.Context, s Store, entries []Change, do func(Tx, Change) error) error {
	for some := range slices.Chunk(entries, movedTogether) {
		err := s.Update(ctx, func(tx Tx) error {
			for _, entry := range some {
				if err := do(tx, entry); err != nil {
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

// entriesOf returns what a migration copies: everything except the owner and the masters that share the registry.
func entriesOf(ctx context.Context, s Store) (all []Change, err error) {
	err = s.Scan(ctx, "", func(key string, value []byte) error {
		if key != OwnerKey && !strings.HasPrefix(key, LivePrefix) && !strings.HasPrefix(key, MasterPrefix) {
			all = append(all, Change{Key: key, Value: slices.Clone(value)})
		}
		return nil
	})
	return all, err
}
