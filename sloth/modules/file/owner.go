package file

import (
	"fmt"

	"sloth-runner/sloth/module"
)

// owner is the wanted owner of a file; -1: nothing is said.
type owner struct{ uid, gid int }

// lookUp finds the ids of the wanted owner.
func (a *attributes) lookUp(ctx module.Context) (owner, error) {
	want := owner{-1, -1}
	var err error
	if a.Owner != "" {
		if want.uid, err = ctx.Host.User(ctx, a.Owner); err != nil {
			return want, fmt.Errorf("owner: %w; name one that is there, or make it before", err)
		}
	}
	if a.Group != "" {
		if want.gid, err = ctx.Host.Group(ctx, a.Group); err != nil {
			return want, fmt.Errorf("group: %w; name one that is there, or make it before", err)
		}
	}
	return want, nil
}

// fits reports whether a file has the owner.
func (o owner) fits(info module.Info) bool {
	return (o.uid < 0 || o.uid == info.UID) && (o.gid < 0 || o.gid == info.GID)
}

// give sets the owner in what a host is asked for.
func (o owner) give(a *module.Attributes) {
	if o.uid >= 0 {
		a.UID = &o.uid
	}
	if o.gid >= 0 {
		a.GID = &o.gid
	}
}
