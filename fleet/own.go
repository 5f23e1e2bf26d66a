package fleet

import (
	"fmt"
	"path/filepath"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/trust"
)

// ownLife is how long the certificates hold that an operator's own authority signs. Nobody renews those of agents without
// a master but the operator himself, whenever he installs them anew.
const ownLife = trust.MaxLife

// Init makes the operator his own authority, and gives him a certificate of it.
func (f *Fleet) Init(name string, now time.Time) error {
	if f.holder != nil {
		return &fault.Error{
			Err:  fmt.Errorf("this machine is %s already", f.holder.Current().Identity),
			Hint: "move " + f.dir + " away to begin anew; agents of the old authority then know nobody",
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
	key, err := trust.NewKey()
	if err != nil {
		return err
	}
	c := &trust.Credentials{
		Identity: trust.Identity{Role: trust.Operator, Name: name}, Key: key, Authority: authority.Certificate(),
	}
	return f.sign(c, now)
}

// renewOwn renews the operator's certificate where he is his own authority.
func (f *Fleet) renewOwn(now time.Time) error {
	if f.authority == nil || f.holder == nil || now.Before(f.holder.Current().RenewAt()) {
		return nil
	}
	return f.sign(f.holder.Current(), now)
}

func (f *Fleet) sign(c *trust.Credentials, now time.Time) error {
	request, err := trust.Request(c.Key)
	if err != nil {
		return err
	}
	cert, err := f.authority.Issue(request, c.Identity, ownLife, now)
	if err != nil {
		return err
	}
	c = c.WithCertificate(cert)
	f.holder = trust.NewHolder(c)
	return c.Save(f.dir)
}
