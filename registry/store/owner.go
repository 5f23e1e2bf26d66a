package store

import (
	"context"
	"fmt"

	"sloth-runner/internal/fault"
)

// Owner is the authority of the registry in a store, so that no master of another authority uses it. Its key is
// OwnerKey.
type Owner struct {
	// Fingerprint is the SHA-256 of the authority's certificate, in hexadecimal.
	Fingerprint string `json:"fingerprint"`
	// MovedTo is set when the registry was moved to another place.
	MovedTo string `json:"moved_to,omitempty"`
}

// OwnerOf reads the owner of the registry in a store. found is false when there is none.
func OwnerOf(ctx context.Context, s Store) (owner Owner, found bool, err error) {
	return Get[Owner](Reading(ctx, s), OwnerKey)
}

// SetOwner writes the owner of the registry in a store.
func SetOwner(ctx context.Context, s Store, owner Owner) error {
	return s.Update(ctx, func(tx Tx) error { return Put(tx, OwnerKey, owner) })
}

// Claim makes an authority the owner of an empty store. It returns an error when the store has another owner.
func Claim(ctx context.Context, s Store, fingerprint string) error {
	return s.Update(ctx, func(tx Tx) error {
		owner, found, err := Get[Owner](tx, OwnerKey)
		switch {
		case err != nil:
			return err
		case !found:
			return Put(tx, OwnerKey, Owner{Fingerprint: fingerprint})
		}
		return owner.Check(fingerprint)
	})
}

// Check returns an error when the registry was moved, or has another authority: its agents could not connect.
func (o Owner) Check(fingerprint string) error {
	switch {
	case o.Fingerprint != fingerprint:
		return &fault.Error{
			Err:  fmt.Errorf("the registry is that of another authority (SHA-256 %.16s…, and not %.16s…)", o.Fingerprint, fingerprint),
			Hint: "all masters of a registry have the same authority: set this one up with that of another (`sloth-runner master init --authority DIR`)",
		}
	case o.MovedTo != "":
		return &fault.Error{
			Err:  fmt.Errorf("the registry is not here any more: it was moved to %s", o.MovedTo),
			Hint: "start the master that has it; `sloth-runner master migrate` moves it back",
		}
	}
	return nil
}
