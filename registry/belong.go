package registry

import (
	"context"
	"fmt"
	"path/filepath"

	"sloth-runner/internal/fault"
	"sloth-runner/trust"
)

// openStore opens the store of the master in a directory.
func openStore(ctx context.Context, dir string, config Config) (Store, error) {
	if config.Etcd != nil {
		return OpenEtcd(ctx, *config.Etcd)
	}
	return OpenStore(filepath.Join(dir, storeFile))
}

// belong makes sure that a registry is that of an authority. An empty one becomes that: the agents of another authority would
// be in it, and not be able to come.
func belong(ctx context.Context, store Store, authority *trust.Authority) error {
	fingerprint := trust.Fingerprint(authority.Certificate())
	return store.Update(ctx, func(tx Tx) error {
		record, found, err := get[authorityRecord](tx, authorityKey)
		switch {
		case err != nil:
			return err
		case !found:
			return put(tx, authorityKey, authorityRecord{Fingerprint: fingerprint})
		case record.Fingerprint != fingerprint:
			return &fault.Error{
				Err:  fmt.Errorf("the registry is that of another authority (SHA-256 %.16s…, and not %.16s…)", record.Fingerprint, fingerprint),
				Hint: "all masters of a registry have the same authority: set this one up with that of another (`sloth-runner master init --authority DIR`)",
			}
		case record.MovedTo != "":
			return &fault.Error{
				Err:  fmt.Errorf("the registry is not here any more: it was moved to %s", record.MovedTo),
				Hint: "start the master that has it; `sloth-runner master migrate` moves it back",
			}
		}
		return nil
	})
}
