package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// unfinished is where a registry says that it is which is being filled.
const unfinished = "a place that it has not reached: a migration was interrupted"

// movedTogether is how many entries are moved at once.
const movedTogether = 25

// Migration moves the registry of the master in a directory, which must not run, from a file to an etcd or back.
type Migration struct {
	dir       string
	config    Config
	to        Config
	authority *trust.Authority
}

// NewMigration prepares one to an etcd; nil: to a file.
func NewMigration(dir string, etcd *store.EtcdConfig) (*Migration, error) {
	config, err := LoadConfig(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{Err: fmt.Errorf("there is no master in %s", dir), Hint: "make one with `sloth-runner master init`"}
	}
	if err != nil {
		return nil, err
	}
	m := &Migration{dir: dir, config: config, to: config}
	m.to.Etcd = etcd
	if m.place(m.to) == m.place(config) {
		return nil, fmt.Errorf("the registry is in %s already", m.place(config))
	}
	m.authority, err = trust.LoadAuthority(filepath.Join(dir, ownAuthorityDir))
	return m, errors.Join(err, m.to.Check())
}

// place names where a registry is for people, on all machines the same.
func (m *Migration) place(config Config) string {
	if config.Etcd != nil {
		return config.Etcd.String() + ", " + config.Etcd.Prefix
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return filepath.Join(m.dir, storeFile) + " on " + host
}

// To is where the registry is moved to, for people.
func (m *Migration) To() string { return m.place(m.to) }

// Run moves the registry, and returns how many entries it has. It may be interrupted at any moment, and run again. What was
// copied stays behind, and says where it went, so that no master goes on with it.
func (m *Migration) Run(ctx context.Context) (entries int, err error) {
	from, err := m.source(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := openStore(ctx, m.dir, m.to)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	for _, kept := range []store.Store{from, to} {
		if err := nobodyUses(ctx, kept); err != nil {
			return 0, err
		}
	}
	done, err := m.mayMove(ctx, from, to)
	if err != nil {
		return 0, err
	}
	if !done {
		if entries, err = m.copy(ctx, from, to); err != nil {
			return 0, err
		}
		err = errors.Join(m.mark(ctx, from, m.place(m.to)), m.mark(ctx, to, ""))
		if err != nil {
			return 0, err
		}
	}
	return entries, m.to.Save(m.dir)
}

// source is the store that the registry is moved from. Opening a file would make one where there is none.
func (m *Migration) source(ctx context.Context) (store.Store, error) {
	if place := filepath.Join(m.dir, storeFile); m.config.Etcd == nil {
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			return nil, errEmptied(m.dir, place)
		}
	}
	return openStore(ctx, m.dir, m.config)
}

// nobodyUses refuses a store of which another master lives.
func nobodyUses(ctx context.Context, kept store.Store) error {
	var masters []string
	err := kept.Scan(ctx, store.LiveMasterPrefix, func(key string, _ []byte) error {
		masters = append(masters, strings.TrimPrefix(key, store.LiveMasterPrefix))
		return nil
	})
	if err != nil || len(masters) == 0 {
		return err
	}
	return &fault.Error{
		Err:  fmt.Errorf("masters are running with the registry: %s", strings.Join(masters, ", ")),
		Hint: fmt.Sprintf("stop them first; one that was killed counts as running for %s", store.LeaseTTL),
	}
}

// mayMove says why the registry can't be moved; done: it was already, and only the configuration does not say so.
func (m *Migration) mayMove(ctx context.Context, from, to store.Store) (done bool, err error) {
	source, found, err := store.Get[authorityRecord](store.Reading(ctx, from), store.OwnerKey)
	if err != nil {
		return false, err
	}
	target, used, err := store.Get[authorityRecord](store.Reading(ctx, to), store.OwnerKey)
	if err != nil {
		return false, err
	}
	own := trust.Fingerprint(m.authority.Certificate())
	switch {
	case !found:
		return false, errEmptied(m.dir, m.place(m.config))
	case source.MovedTo != "" && source.MovedTo != m.place(m.to):
		return false, fmt.Errorf("the registry is not here any more: it was moved to %s", source.MovedTo)
	case used && target.Fingerprint != own:
		return false, fmt.Errorf("%s has the registry of another authority", m.place(m.to))
	case used && target.MovedTo == "" && source.MovedTo != "":
		return true, nil
	case used && target.MovedTo == "":
		return false, &fault.Error{
			Err:  fmt.Errorf("%s has a registry of this authority, which is in use", m.place(m.to)),
			Hint: "set the master up anew to have it share that one (`sloth-runner master init --authority`)",
		}
	}
	return false, nil
}

// mark says where a registry went; "": it is here.
func (m *Migration) mark(ctx context.Context, kept store.Store, movedTo string) error {
	return kept.Update(ctx, func(tx store.Tx) error {
		return store.Put(tx, store.OwnerKey, authorityRecord{Fingerprint: trust.Fingerprint(m.authority.Certificate()), MovedTo: movedTo})
	})
}

// copy makes a registry like another, whatever it had.
func (m *Migration) copy(ctx context.Context, from, to store.Store) (entries int, err error) {
	if err := m.mark(ctx, to, unfinished); err != nil {
		return 0, err
	}
	old, err := entriesOf(ctx, to)
	if err != nil {
		return 0, err
	}
	all, err := entriesOf(ctx, from)
	if err != nil {
		return 0, err
	}
	err = each(ctx, to, old, func(tx store.Tx, e store.Change) error { return tx.Delete(e.Key) })
	if err != nil {
		return 0, err
	}
	return len(all), each(ctx, to, all, func(tx store.Tx, e store.Change) error { return tx.Put(e.Key, e.Value) })
}

// each does something with some entries at a time: etcd bounds the size of a transaction.
func each(ctx context.Context, kept store.Store, entries []store.Change, do func(store.Tx, store.Change) error) error {
	for some := range slices.Chunk(entries, movedTogether) {
		err := kept.Update(ctx, func(tx store.Tx) error {
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
func entriesOf(ctx context.Context, kept store.Store) (all []store.Change, err error) {
	err = kept.Scan(ctx, "", func(key string, value []byte) error {
		if key != store.OwnerKey && !strings.HasPrefix(key, store.LivePrefix) && !strings.HasPrefix(key, store.MasterPrefix) {
			all = append(all, store.Change{Key: key, Value: slices.Clone(value)})
		}
		return nil
	})
	return all, err
}
