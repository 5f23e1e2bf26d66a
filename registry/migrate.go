package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sloth-runner/internal/fault"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// Migration moves the registry of the master in a directory from a file to an etcd or back. The master must not run.
type Migration struct {
	dir       string
	config    Config
	to        Config
	authority *trust.Authority
}

// NewMigration prepares a migration to an etcd, or to a file when it is nil.
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

// place returns the place of a registry for messages. It is the same on all machines.
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

// To returns the place of the new registry, for messages.
func (m *Migration) To() string { return m.place(m.to) }

// Run moves the registry, and returns how many entries it has. It may be interrupted at any moment and run again. The
// old registry is kept, with a note of the new place, so that no master uses it.
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
	move := store.Migration{From: from, To: to, Place: m.place(m.to), Fingerprint: trust.Fingerprint(m.authority.Certificate())}
	switch entries, err = move.Run(ctx); {
	case errors.Is(err, store.ErrNoOwner):
		return 0, errEmptied(m.dir, m.place(m.config))
	case err != nil:
		return 0, err
	}
	return entries, m.to.Save(m.dir)
}

// source opens the old store. Opening a file would create one when there is none.
func (m *Migration) source(ctx context.Context) (store.Store, error) {
	if place := filepath.Join(m.dir, storeFile); m.config.Etcd == nil {
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			return nil, errEmptied(m.dir, place)
		}
	}
	return openStore(ctx, m.dir, m.config)
}
