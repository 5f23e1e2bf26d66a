package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
)

// Unfinished is where a registry says that it is which is being filled.
const Unfinished = "a place that it has not reached: a migration was interrupted"

// movedTogether is how many entries are moved at once.
const movedTogether = 25

// ErrNoOwner says that a store has no registry, or not one that was set up.
var ErrNoOwner = errors.New("the store has no record of whose registry it is")

// Migration moves a registry from one store to another. No master may run with either.
type Migration struct {
	From, To Store
	// Place names To for people, on all machines the same.
	Place string
	// Fingerprint is that of the registry's authority; see Owner.
	Fingerprint string
}

// Run moves the registry, and returns how many entries were copied. It may be interrupted at any moment, and run again. What
// was copied stays behind, and says where it went.
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
	// While From does not say where it went, To is not in use: another run begins again.
	if err := m.mark(ctx, m.From, m.Place); err != nil {
		return 0, err
	}
	return entries, m.mark(ctx, m.To, "")
}

// nobodyUses refuses a store of which another master lives.
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

// mayMove says why the registry can't be moved; done: it was already.
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

// mark says where a registry went; "": it is here.
func (m *Migration) mark(ctx context.Context, s Store, movedTo string) error {
	return SetOwner(ctx, s, Owner{Fingerprint: m.Fingerprint, MovedTo: movedTo})
}

// copy makes To like From, whatever it had.
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

// each does something with some entries at a time: etcd bounds the size of a transaction.
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

// entriesOf is what a migration takes along: all but whose the registry is, and which masters share it.
func entriesOf(ctx context.Context, s Store) (all []Change, err error) {
	err = s.Scan(ctx, "", func(key string, value []byte) error {
		if key != OwnerKey && !strings.HasPrefix(key, LivePrefix) && !strings.HasPrefix(key, MasterPrefix) {
			all = append(all, Change{Key: key, Value: slices.Clone(value)})
		}
		return nil
	})
	return all, err
}
