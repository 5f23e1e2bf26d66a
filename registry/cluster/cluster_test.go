package cluster

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sloth-runner/registry/store"
	"sloth-runner/tools/testetcd"
)

// etcdStore opens a store of an etcd that the other tests of it don't see.
func etcdStore(t *testing.T, etcd *testetcd.Cluster, prefix string) store.Shared {
	t.Helper()
	shared, err := store.OpenEtcd(t.Context(), store.EtcdConfig{Endpoints: etcd.Endpoints(), Prefix: prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.Close(); err != nil {
			t.Error(err)
		}
	})
	return shared
}

func TestMasters(t *testing.T) {
	t.Parallel()
	etcd := testetcd.New(t, 1)
	for name, test := range map[string]func(*testing.T, store.Shared){
		"agents":  testAgents,
		"leaving": testLeaving,
		"names":   testSameName,
		"old":     testOldAddresses,
		"changes": testChanges,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, etcdStore(t, etcd, "/"+name+"/"))
		})
	}
}

// testAgents: each master knows the agents of the other, and the last attachment of an agent counts.
func testAgents(t *testing.T, shared store.Shared) {
	m1, m2 := join(t, shared, "m1", "m1:1"), join(t, shared, "m2", "m2:1")
	m1.agents.attach("web-1")
	waitFor(t, "web-1 at m1", func() bool { return m2.agents.at("web-1") == "m1" && m1.agents.claim("web-1") > 0 })
	first := m1.agents.claim("web-1")
	m2.agents.attach("web-1")
	waitFor(t, "web-1 at m2", func() bool { return m1.agents.at("web-1") == "m2" && m2.agents.claim("web-1") > first })
	waitFor(t, "the end of the first attachment", func() bool { return m1.agents.claim("web-1") == 0 })
	// The end of an attachment that was replaced is not that of the new one.
	m1.agents.detach("web-1")
	m1.agents.attach("web-2")
	waitFor(t, "web-2 at m1", func() bool { return m2.agents.at("web-2") == "m1" })
	if m1.agents.at("web-1") != "m2" {
		t.Error("the end of the first attachment has ended the second")
	}
	m2.agents.detach("web-1")
	waitFor(t, "the end of web-1", func() bool { return m1.agents.at("web-1") == "" })
	// A master that comes later knows all of them.
	m3 := join(t, shared, "m3", "m3:1")
	waitFor(t, "web-2 at m1, for m3", func() bool { return m3.agents.at("web-2") == "m1" })
}

// testLeaving: a master that stops takes its agents with it, and is fenced. Its address stays.
func testLeaving(t *testing.T, shared store.Shared) {
	m1, m2 := join(t, shared, "m1", "m1:1"), newMaster(t, shared, "m2", "m2:1")
	if m2.IsWell() {
		t.Error("a master that does not run is not fenced")
	}
	_, changed := m1.WatchAddresses()
	m2.run(t)
	waitFor(t, "both", func() bool { return len(m1.Running()) == 2 && len(m2.Running()) == 2 })
	waitFor(t, "the change of the addresses", func() bool { return isClosed(changed) })
	for _, m := range []*master{m1, m2} {
		if got := m.Addresses(); !slices.Equal(got, []string{"m1:1", "m2:1"}) {
			t.Errorf("addresses %q", got)
		}
	}
	m2.agents.attach("web-1")
	waitFor(t, "web-1 at m2", func() bool { return m1.agents.at("web-1") == "m2" })
	well, ill := m2.Health()
	m2.leave()
	if !well || !isClosed(ill) || m2.IsWell() || !isClosed(m2.Off()) {
		t.Error("a master that has stopped is not fenced")
	}
	waitFor(t, "the end of m2", func() bool { return len(m1.Running()) == 1 && m1.agents.at("web-1") == "" })
	if got := m1.Addresses(); !slices.Equal(got, []string{"m1:1", "m2:1"}) {
		t.Errorf("addresses after m2 has stopped: %q", got)
	}
	if m1.Link("m2") != nil || m1.Link("m1") == nil {
		t.Error("there is a link to a master that does not run, or none to one that does")
	}
}

// testSameName: of two masters of one name the second takes no part until the first has stopped.
func testSameName(t *testing.T, shared store.Shared) {
	first, second := join(t, shared, "m1", "m1:1"), newMaster(t, shared, "m1", "m1:2")
	second.run(t)
	waitFor(t, "the warning", func() (warned bool) {
		second.locked(func() { warned = slices.ContainsFunc(second.warnings, isOfName) })
		return warned
	})
	if second.IsWell() || !first.IsWell() {
		t.Error("the second master takes part, or the first does not")
	}
	first.leave()
	waitFor(t, "the second master", second.IsWell)
	if got := second.Addresses(); !slices.Equal(got, []string{"m1:2"}) {
		t.Errorf("addresses %q", got)
	}
}

func isOfName(warning string) bool {
	return strings.Contains(warning, "another master named m1 runs at m1:1")
}

// testOldAddresses: the address of a master that has not started for a month is forgotten.
func testOldAddresses(t *testing.T, shared store.Shared) {
	join(t, shared, "old", "old:1").leave()
	if got := join(t, shared, "m1", "m1:1").Addresses(); !slices.Equal(got, []string{"m1:1", "old:1"}) {
		t.Errorf("addresses %q", got)
	}
	later := newMaster(t, shared, "m2", "m2:1")
	later.config.Now = func() time.Time { return time.Now().Add(forgetAfter + time.Hour) }
	later.run(t)
	waitFor(t, "m2", later.IsWell)
	// m1 started long ago as well, but it runs.
	if got := later.Addresses(); slices.Contains(got, "old:1") {
		t.Errorf("addresses %q", got)
	}
	var keys []string
	if err := shared.Scan(t.Context(), store.MasterPrefix, func(key string, _ []byte) error {
		keys = append(keys, key)
		return nil
	}); err != nil || !slices.Equal(keys, []string{store.MasterPrefix + "m1", store.MasterPrefix + "m2"}) {
		t.Errorf("the store has %q, %v", keys, err)
	}
}

// testChanges: a master hears of what another one changes.
func testChanges(t *testing.T, shared store.Shared) {
	m1 := join(t, shared, "m1", "m1:1")
	if !m1.has("") {
		t.Error("at the start not all counts as changed")
	}
	if err := shared.Update(t.Context(), func(tx store.Tx) error { return tx.Put("token/1", []byte("{}")) }); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the change", func() bool { return m1.has("token/1") })
}

// TestOutage: masters whose store is gone are fenced, and take part again when it is back, with all of their agents.
func TestOutage(t *testing.T) {
	t.Parallel()
	etcd := testetcd.New(t, 1)
	shared := etcdStore(t, etcd, "")
	m1, m2 := join(t, shared, "m1", "m1:1"), join(t, shared, "m2", "m2:1")
	m1.agents.attach("web-1")
	waitFor(t, "web-1 at m1", func() bool { return m2.agents.at("web-1") == "m1" })
	off := m1.Off()
	etcd.Kill(0)
	waitFor(t, "both to be fenced", func() bool { return !m1.IsWell() && !m2.IsWell() })
	if !isClosed(off) {
		t.Error("who waits for it does not know that the master is fenced")
	}
	etcd.Start(t, 0)
	waitFor(t, "both to take part again", func() bool { return m1.IsWell() && m2.IsWell() && len(m1.Running()) == 2 })
	waitFor(t, "web-1 at m1 again", func() bool { return m2.agents.at("web-1") == "m1" })
}

// TestOneMaster: a master whose store is a file is never fenced.
func TestOneMaster(t *testing.T) {
	t.Parallel()
	file, err := store.OpenFile(filepath.Join(t.TempDir(), "registry"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m := newMaster(t, file, "m1", "m1:1")
	m.config.Masters = []string{"master.example:1"}
	m.run(t)
	well, _ := m.Health()
	if !well || isClosed(m.Off()) || m.Running() != nil || !slices.Equal(m.Addresses(), []string{"master.example:1"}) {
		t.Errorf("well: %v, running %q, addresses %q", well, m.Running(), m.Addresses())
	}
	m.leave()
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
