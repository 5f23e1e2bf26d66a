package operator

import (
	"path/filepath"
	"testing"
	"time"

	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// joined makes a machine that was its own authority, and has joined a master of another since, with a certificate that is
// due for renewal.
func joined(t *testing.T, dir string, known known) *trust.Credentials {
	t.Helper()
	f := open(t, dir)
	if err := f.Init("anna", time.Now()); err != nil {
		t.Fatal(err)
	}
	authority, err := trust.NewAuthority(time.Now().Add(-trust.MaxLife))
	if err != nil {
		t.Fatal(err)
	}
	master := Fleet{authority: authority}
	c, err := master.issueOwn("anna", time.Now().Add(-trust.MaxLife*2/3))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Save(filepath.Join(dir, "operator")); err != nil {
		t.Fatal(err)
	}
	known.Masters = []string{"master:50053"}
	f.known = known
	if err := f.saveKnown(); err != nil {
		t.Fatal(err)
	}
	return c
}

// The own authority of a machine that has joined a master signs no certificate in the place of the master's: neither the
// operator's, when that is due, nor those of agents.
func TestOwnAuthorityIsNotTheMasters(t *testing.T) {
	dir := t.TempDir()
	before := joined(t, dir, known{})
	f := open(t, dir)
	now := f.Holder().Current()
	if !now.Cert.Equal(before.Cert) || !now.Authority.Equal(before.Authority) {
		t.Error("the certificate of the master's authority was replaced by another authority's")
	}
	if f.Authority() != nil {
		t.Error("the own authority is used although there is a master")
	}
	if err := now.Check(time.Now()); err != nil {
		t.Error(err)
	}
}

// Agents of the own authority are shown its certificate after the machine has joined a master, and others are not.
func TestOwnAgentsAfterJoining(t *testing.T) {
	dir := t.TempDir()
	joined(t, dir, known{
		agents: []*proto.RegisteredAgent{{Name: "old", Address: "10.0.0.1:50051"}, {Name: "added", Address: "10.0.0.2:50051"}},
		Own:    []string{"old"},
	})
	f := open(t, dir)
	for _, old := range []inventory.Target{{Agent: "old", Address: "10.0.0.1:50051"}, {Address: "10.0.0.1:50051"}} {
		holder := f.HolderFor(old)
		if holder == nil || !holder.Current().Authority.Equal(f.authority.Certificate()) {
			t.Fatalf("%v is not shown the own authority's certificate", old)
		}
		if err := holder.Current().Check(time.Now()); err != nil {
			t.Error(err)
		}
	}
	for _, other := range []inventory.Target{{Agent: "added", Address: "10.0.0.2:50051"}, {Agent: "web", Address: "10.0.0.1:50051"}, {Address: "10.0.0.2:50051"}} {
		if f.HolderFor(other) != nil {
			t.Errorf("%v is shown the own authority's certificate", other)
		}
	}
	if _, err := f.Forget("old"); err != nil {
		t.Fatal(err)
	}
	if f = open(t, dir); len(f.Own()) > 0 || f.HolderFor(inventory.Target{Agent: "old"}) != nil {
		t.Error("an agent that was forgotten is still one of the own authority")
	}
}
