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

// openStore opens the store of the master in a directory, and creates it if necessary.
func openStore(ctx context.Context, dir string, config Config) (store.Store, error) {
	if config.Etcd != nil {
		return store.OpenEtcd(ctx, *config.Etcd)
	}
	return store.OpenFile(filepath.Join(dir, storeFile))
}

// openExisting opens the store of the master in a directory. It must have the record that Init wrote.
func openExisting(ctx context.Context, dir string, config Config, authority *trust.Authority) (store.Store, error) {
	place := filepath.Join(dir, storeFile)
	if config.Etcd != nil {
		place = "in the " + config.Etcd.String()
	} else if info, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, errEmptied(dir, place)
	}
	kept, err := openStore(ctx, dir, config)
	if err != nil {
		return nil, restorable(dir, err)
	}
	owner, found, err := store.OwnerOf(ctx, kept)
	switch {
	case err != nil:
		err = restorable(dir, err)
	case !found:
		err = errEmptied(dir, place)
	default:
		err = owner.Check(trust.Fingerprint(authority.Certificate()))
	}
	if err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return kept, nil
}

// errEmptied returns the error for a registry that is not the one that was set up. With it, revoked certificates would
// be accepted again.
func errEmptied(dir, place string) error {
	return restorable(dir, fmt.Errorf("the registry %s has not the record that `sloth-runner master init` wrote: it was emptied, replaced or removed", place))
}

// restorable adds a hint about a registry that can't be used. When the store does not answer, there is none: the
// registry may be intact.
func restorable(dir string, err error) error {
	if errors.Is(err, store.ErrUnavailable) || fault.Hint(err) != "" {
		return err
	}
	return &fault.Error{Err: err, Hint: fmt.Sprintf("put the registry back from a backup. Without one, set a new one up for the same authority: "+
		"`mv %[1]s %[1]s.old; sloth-runner master init --dir %[1]s --authority %[1]s.old/authority`, start it, revoke what was issued before "+
		"(`sloth-runner master revoke --everybody --issued-before now`), and let all join again", dir)}
}
