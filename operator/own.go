package operator

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/trust"
)

// ownLife is how long certificates of the operator's own authority are valid. Those of agents are renewed only by
// installing the agents again.
const ownLife = trust.MaxLife

// Init gives the operator an own authority, and a certificate of it.
func (f *Fleet) Init(name string, now time.Time) error {
	if f.holder != nil {
		return &fault.Error{
			Err:  fmt.Errorf("this machine is %s already", f.holder.Current().Identity),
			Hint: "move " + f.dir + " away to begin anew; agents of the old authority then accept no operator",
		}
	}
	authority, err := trust.NewAuthority(now)
	if err != nil {
		return err
	}
	if err := authority.Save(filepath.Join(f.dir, authorityDir)); err != nil {
		return err
	}
	f.authority = authority
	c, err := f.issueOwn(name, now)
	if err != nil {
		return err
	}
	f.holder = trust.NewHolder(c)
	return c.Save(f.dir)
}

// Authority returns the machine's own authority if it issues the certificates of agents. It returns nil when there is
// none, or when the machine has joined a master.
func (f *Fleet) Authority() *trust.Authority {
	if len(f.known.Masters) > 0 || !f.isOwn() {
		return nil
	}
	return f.authority
}

// isOwn reports whether the operator's certificate is of the machine's own authority.
func (f *Fleet) isOwn() bool {
	return f.authority != nil && f.holder != nil && f.holder.Current().Authority.Equal(f.authority.Certificate())
}

// Own returns the agents that use the machine's own authority although it has joined a master later.
func (f *Fleet) Own() []string { return slices.Clone(f.known.Own) }

// HolderFor returns the holder for a target's agent if it differs from Holder, otherwise nil.
func (f *Fleet) HolderFor(target inventory.Target) *trust.Holder {
	if f.own == nil {
		return nil
	}
	for _, agent := range f.known.agents {
		isMeant := agent.GetName() == target.Agent || target.Agent == "" && agent.GetAddress() == target.Address
		if isMeant && slices.Contains(f.known.Own, agent.GetName()) {
			return f.own
		}
	}
	return nil
}

// openOwn makes credentials for the agents of the machine's own authority, if there are any. They are made at each
// start and not stored.
func (f *Fleet) openOwn(now time.Time) error {
	if f.authority == nil || f.holder == nil || len(f.known.Own) == 0 {
		return nil
	}
	c, err := f.issueOwn(f.holder.Current().Name, now)
	if err != nil {
		return err
	}
	f.own = trust.NewHolder(c)
	return nil
}

// renewOwn renews the operator's certificate if no master does.
func (f *Fleet) renewOwn(now time.Time) error {
	if f.Authority() == nil || now.Before(f.holder.Current().RenewAt()) {
		return nil
	}
	c, err := f.sign(f.holder.Current(), now)
	if err != nil {
		return err
	}
	f.holder = trust.NewHolder(c)
	return c.Save(f.dir)
}

// issueOwn makes a key, and issues an operator's certificate of the machine's own authority for it.
func (f *Fleet) issueOwn(name string, now time.Time) (*trust.Credentials, error) {
	key, err := trust.NewKey()
	if err != nil {
		return nil, err
	}
	return f.sign(&trust.Credentials{
		Identity: trust.Identity{Role: trust.Operator, Name: name}, Key: key, Authority: f.authority.Certificate(),
	}, now)
}

func (f *Fleet) sign(c *trust.Credentials, now time.Time) (*trust.Credentials, error) {
	request, err := trust.Request(c.Key)
	if err != nil {
		return nil, err
	}
	cert, err := f.authority.Issue(request, c.Identity, ownLife, now)
	if err != nil {
		return nil, err
	}
	return c.WithCertificate(cert), nil
}
