package registry

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/proto"
	"sloth-runner/tools/testetcd"
	"sloth-runner/tools/testhost"
	"sloth-runner/trust"
)

// A master that is killed is replaced by the other, for agents and for operators, who had been told of it.
func TestMasterIsKilledBesideAnother(t *testing.T) {
	t.Parallel()
	config := sharedConfig(testetcd.New(t, 1).Endpoints())
	dirs := initShared(t, config, config)
	m2 := serveMasterWith(t, dirs[1], config)
	address, kill := masterProcess(t, dirs[0])
	awaitWell(t, m2, 2)

	m1 := &testMaster{dir: dirs[0]}
	credentials, masters, err := joinWithToken(t.Context(), []string{address}, m1.token(t, trust.Agent, "web-1"), "web-1")
	if err != nil {
		t.Fatal(err)
	}
	if len(masters) != 2 {
		t.Errorf("whoever joins is told of %v", masters)
	}
	attach(t, trust.NewHolder(credentials), []string{address}, &proto.AgentReport{Address: ":50051"})
	operator := m2.client(t, m2.join(t, trust.Operator, "anna"))
	await(t, operator, "the agent", isActive("web-1"))

	kill()
	waitFor(t, "the agent at the other master", func() bool { return m2.service.roster.isAttached("web-1") })
	await(t, operator, "the agent", isActive("web-1"))
	waitFor(t, "the end of the dead master's lease", func() bool { return len(m2.service.cluster.Running()) == 1 })

	// It comes back under its name, at another address, and both serve.
	masterProcess(t, dirs[0])
	awaitWell(t, m2, 2)
	await(t, m1.admin(t), "the agent, at the master that is back", isActive("web-1"))
}

// One member of three may be killed, and another hang, and nobody notices for longer than seconds. Without a majority the
// masters serve nobody, and say so; when it is back, all is as before.
func TestMembersOfEtcdAreLost(t *testing.T) {
	t.Parallel()
	etcd := testetcd.New(t, 3)
	m1, m2 := startShared(t, etcd.Endpoints())
	operator := m2.client(t, m1.join(t, trust.Operator, "anna"))
	attach(t, m1.join(t, trust.Agent, "web-1"), []string{m1.Address()}, &proto.AgentReport{Address: ":50051"})
	await(t, operator, "the agent", isActive("web-1"))

	tag := func(value string) error {
		_, err := operator.Tag(t.Context(), "web-1", map[string]string{"n": value}, nil)
		return err
	}
	etcd.Kill(0)
	waitFor(t, "a change without one member", func() bool { return tag("1") == nil })
	etcd.Start(t, 0)
	waitFor(t, "a change with all members", func() bool { return tag("2") == nil })
	etcd.Halt(t, 1)
	waitFor(t, "a change while one member hangs", func() bool { return tag("3") == nil })
	etcd.Resume(t, 1)
	awaitWell(t, m1, 2)
	awaitWell(t, m2, 2)

	etcd.Kill(0)
	etcd.Kill(1)
	waitFor(t, "the masters to know that they are cut off", func() bool { return !m1.service.cluster.IsWell() && !m2.service.cluster.IsWell() })
	if err := tag("4"); err == nil || !strings.Contains(err.Error(), "the store does not answer") {
		t.Errorf("a change without a majority: %v", err)
	}
	waitFor(t, "the end of the attachment", func() bool { return !m1.service.roster.isAttached("web-1") && !m2.service.roster.isAttached("web-1") })
	etcd.Start(t, 0)
	awaitWell(t, m1, 2)
	awaitWell(t, m2, 2)
	await(t, operator, "the agent, after the outage", isActive("web-1"))
	if err := tag("5"); err != nil {
		t.Error(err)
	}
}

// A master that can't reach the store sends its agents away: it would not hear of revocations. They go to the other.
func TestMasterIsCutOffFromItsStore(t *testing.T) {
	t.Parallel()
	endpoint := testetcd.New(t, 1).Endpoints()[0]
	cable, err := testhost.Delay(t.Context(), strings.TrimPrefix(endpoint, "http://"), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cable.Close)
	near, far := sharedConfig([]string{endpoint}), sharedConfig([]string{"http://" + cable.Addr()})
	dirs := initShared(t, near, far)
	m1, m2 := serveMasterWith(t, dirs[0], near), serveMasterWith(t, dirs[1], far)
	awaitWell(t, m1, 2)
	awaitWell(t, m2, 2)
	holder := m2.join(t, trust.Agent, "web-1")
	attach(t, holder, []string{m2.Address()}, &proto.AgentReport{Address: ":50051"})
	revoked := m1.join(t, trust.Operator, "mallory")

	cable.Cut()
	waitFor(t, "the agent at the master that is well", func() bool { return m1.service.roster.isAttached("web-1") })
	if _, err := m1.admin(t).Revoke(t.Context(), revoked.Current().Identity); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the revocation at the agent", func() bool {
		return holder.Current().Revocations.Has(revoked.Current().Cert.SerialNumber)
	})
	cable.Heal()
	awaitWell(t, m2, 2)
	waitFor(t, "the revocation at the master that was cut off", func() bool {
		return m2.holder.Current().Revocations.Has(revoked.Current().Cert.SerialNumber)
	})
	if m2.service.roster.isAttached("web-1") {
		t.Error("the agent is attached to both")
	}
	await(t, m2.admin(t), "the agent, at the master that was cut off", isActive("web-1"))
}

// A revocation at one master reaches the agents and the operators of the other within seconds.
func TestRevocationReachesTheOtherMaster(t *testing.T) {
	t.Parallel()
	m1, m2 := startShared(t, testetcd.New(t, 1).Endpoints())
	holder := m2.join(t, trust.Agent, "web-1")
	attach(t, holder, []string{m2.Address()}, &proto.AgentReport{Address: ":50051"})
	mallory := m2.join(t, trust.Operator, "mallory")
	client := m2.client(t, mallory)
	if _, err := client.List(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	await(t, m1.admin(t), "the agent, at the other master", isActive("web-1"))
	began := time.Now()
	answer, err := m1.admin(t).RevokeAndWait(t.Context(), &proto.RevokeRequest{Role: "operator", Name: "mallory", Wait: durationpb.New(limit)})
	if err != nil || answer.GetAgents() != 1 || answer.GetConfirmed() != 1 {
		t.Fatalf("the agent of the other master has not confirmed: %v (%v)", answer, err)
	}
	if !holder.Current().Revocations.Has(mallory.Current().Cert.SerialNumber) {
		t.Error("the agent has confirmed, and does not know of it")
	}
	t.Logf("at an agent of the other master after %s", time.Since(began).Round(time.Millisecond))
	if _, err := client.List(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "revoked") {
		t.Errorf("a revoked operator was answered by the other master: %v", err)
	}
}
