package registry

import (
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/tools/testetcd"
	"sloth-runner/trust"
)

// migrate moves a registry, and fails unless that works.
func migrate(t *testing.T, dir string, to *store.EtcdConfig) (entries int) {
	t.Helper()
	m, err := NewMigration(dir, to)
	if err != nil {
		t.Fatal(err)
	}
	if entries, err = m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return entries
}

// A registry moves to an etcd and back, with all that was in it.
func TestMigration(t *testing.T) {
	t.Parallel()
	etcd := &store.EtcdConfig{Endpoints: testetcd.New(t, 1).Endpoints()}
	dir := newDir(t)
	if err := Init(t.Context(), dir, "m1", testConfig(), ""); err != nil {
		t.Fatal(err)
	}
	var agent, anna, mallory *trust.Holder
	var unused string
	serving(t, dir, func(t *testing.T, m *testMaster) {
		agent, anna, mallory = m.join(t, trust.Agent, "web-1"), m.join(t, trust.Operator, "anna"), m.join(t, trust.Operator, "mallory")
		issueMany(t, m.admin(t), 60, 10)
		unused = m.token(t, trust.Operator, "bert")
		if _, err := m.admin(t).Revoke(t.Context(), mallory.Current().Identity); err != nil {
			t.Fatal(err)
		}
		if m, err := NewMigration(dir, etcd); err != nil {
			t.Error(err)
		} else if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "another master has") {
			t.Errorf("the registry of a master that runs was moved: %v", err)
		}
	})
	there := migrate(t, dir, etcd)
	if there < 60 {
		t.Errorf("moved %d entries", there)
	}
	// Whoever has an old copy of the configuration does not go on with the old registry.
	old, err := store.OpenFile(filepath.Join(dir, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	authority, err := trust.LoadAuthority(filepath.Join(dir, ownAuthorityDir))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Claim(t.Context(), old, trust.Fingerprint(authority.Certificate())); err == nil || !strings.Contains(err.Error(), "it was moved to etcd at "+etcd.Endpoints[0]) {
		t.Errorf("the registry that was left can be used: %v", err)
	}
	if err := old.Close(); err != nil {
		t.Error(err)
	}
	serving(t, dir, func(t *testing.T, m *testMaster) {
		awaitWell(t, m, 1)
		m.attach(t, agent, &proto.AgentReport{Address: ":50051"}).end()
		if list, err := m.client(t, anna).List(t.Context(), 0); err != nil || len(list.GetAgents()) != 60 {
			t.Errorf("listed %d agents (%v)", len(list.GetAgents()), err)
		}
		if _, err := m.client(t, mallory).List(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "revoked") {
			t.Errorf("who was revoked before: %v", err)
		}
		if _, _, err := joinWithToken(t.Context(), []string{m.Address()}, unused, "bert"); err != nil {
			t.Error(err)
		}
		if m, err := NewMigration(dir, nil); err != nil {
			t.Error(err)
		} else if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "masters are running with the registry: m1") {
			t.Errorf("the registry of a master that runs was moved: %v", err)
		}
	})
	if back := migrate(t, dir, nil); back < there {
		t.Errorf("%d entries came back of %d", back, there)
	}
	serving(t, dir, func(t *testing.T, m *testMaster) {
		if list, err := m.client(t, anna).List(t.Context(), 0); err != nil || len(list.GetAgents()) != 60 {
			t.Errorf("listed %d agents (%v)", len(list.GetAgents()), err)
		}
	})
}

// serving has a master serve as long as use lasts.
func serving(t *testing.T, dir string, use func(*testing.T, *testMaster)) {
	t.Helper()
	t.Run("while it serves", func(t *testing.T) {
		config, err := LoadConfig(dir)
		if err != nil {
			t.Fatal(err)
		}
		use(t, serveMasterWith(t, dir, config))
	})
	if t.Failed() {
		t.FailNow()
	}
}

// A migration that was interrupted is done again, from whichever moment on.
func TestMigrationIsInterrupted(t *testing.T) {
	t.Parallel()
	etcd := &store.EtcdConfig{Endpoints: testetcd.New(t, 1).Endpoints()}
	dir := newDir(t)
	if err := Init(t.Context(), dir, "m1", testConfig(), ""); err != nil {
		t.Fatal(err)
	}
	m, err := NewMigration(dir, etcd)
	if err != nil {
		t.Fatal(err)
	}
	to, err := store.OpenEtcd(t.Context(), *etcd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := to.Close(); err != nil {
			t.Error(err)
		}
	})
	half := func(tx store.Tx) error { return tx.Put("agent/half", []byte("{}")) }
	if err := to.Update(t.Context(), half); err != nil {
		t.Fatal(err)
	}
	interrupted := []func() error{
		func() error {
			fingerprint := trust.Fingerprint(m.authority.Certificate())
			return store.SetOwner(t.Context(), to, store.Owner{Fingerprint: fingerprint, MovedTo: store.Unfinished})
		},
		func() error { // it had only to be written down
			before, err := m.Run(t.Context())
			if before == 0 {
				t.Error("nothing was moved")
			}
			return err
		},
	}
	for _, leave := range interrupted {
		if err := leave(); err != nil {
			t.Fatal(err)
		}
		if err := testConfig().Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	migrate(t, dir, etcd)
	if value, err := to.Get(t.Context(), "agent/half"); value != nil || err != nil {
		t.Errorf("what an interrupted migration had left is there: %q, %v", value, err)
	}
	if config, err := LoadConfig(dir); err != nil || config.Etcd == nil {
		t.Errorf("the configuration does not say where the registry is (%v)", err)
	}
}
