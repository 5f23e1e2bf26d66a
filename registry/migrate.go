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
	move := store.Migration{From: from, To: to, Place: m.place(m.to), Fingerprint: trust.Fingerprint(m.authority.Certificate())}
	switch entries, err = move.Run(ctx); {
	case errors.Is(err, store.ErrNoOwner):
		return 0, errEmptied(m.dir, m.place(m.config))
	case err != nil:
		return 0, err
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
