package registry

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/tools/testetcd"
	"sloth-runner/trust"
)

// sharedConfig is that of a master whose registry is in an etcd.
func sharedConfig(endpoints []string) Config {
	config := testConfig()
	config.Interval = time.Second
	config.Etcd = &store.EtcdConfig{Endpoints: endpoints}
	return config
}

// initShared makes masters of one authority, and returns their directories.
func initShared(t *testing.T, configs ...Config) (dirs []string) {
	t.Helper()
	authority := ""
	for i, config := range configs {
		dir := newDir(t)
		if err := Init(t.Context(), dir, []string{"m1", "m2", "m3"}[i], config, authority); err != nil {
			t.Fatal(err)
		}
		authority = filepath.Join(dir, ownAuthorityDir)
		dirs = append(dirs, dir)
	}
	return dirs
}

// startShared starts two masters that share an etcd, and waits until each knows the other.
func startShared(t *testing.T, endpoints []string) (m1, m2 *testMaster) {
	t.Helper()
	config := sharedConfig(endpoints)
	dirs := initShared(t, config, config)
	m1, m2 = serveMasterWith(t, dirs[0], config), serveMasterWith(t, dirs[1], config)
	for _, m := range []*testMaster{m1, m2} {
		awaitWell(t, m, 2)
	}
	return m1, m2
}

// awaitWell waits until a master takes part, with as many as there should be.
func awaitWell(t *testing.T, m *testMaster, masters int) {
	t.Helper()
	waitFor(t, "the masters to know each other", func() bool {
		return m.service.cluster.IsWell() && len(m.service.cluster.Running()) == masters && len(m.service.cluster.Addresses()) >= masters
	})
}

func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * limit); !happened(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func isActive(name string) func(map[string]*proto.RegisteredAgent) bool {
	return func(agents map[string]*proto.RegisteredAgent) bool {
		return agents[name].GetState() == proto.RegisteredAgent_ACTIVE
	}
}

// Whatever is done at one master, the agents of the other are as if they were its own.
func TestMastersShareAFleet(t *testing.T) {
	t.Parallel()
	m1, m2 := startShared(t, testetcd.New(t, 1).Endpoints())
	operator := m2.client(t, m1.join(t, trust.Operator, "anna"))
	agent := m1.attach(t, m2.join(t, trust.Agent, "web-1"), &proto.AgentReport{Address: ":50051", Runs: 3})

	await(t, operator, "an agent of the other master", func(agents map[string]*proto.RegisteredAgent) bool {
		return isActive("web-1")(agents) && agents["web-1"].GetRuns() == 3
	})
	both := []string{m1.Address(), m2.Address()}
	waitFor(t, "the agent to learn of both masters", func() bool {
		return slices.Equal(slices.Sorted(slices.Values(agent.Masters.Addresses())), slices.Sorted(slices.Values(both)))
	})
	if _, err := joinAgain(t, m2, "web-1"); err == nil || !strings.Contains(err.Error(), "which is attached") {
		t.Errorf("another agent took the name: %v", err)
	}
	if _, err := operator.Tag(t.Context(), "web-1", map[string]string{"role": "web"}, nil); err != nil {
		t.Error(err)
	}
	at1 := m1.client(t, m1.join(t, trust.Operator, "bert"))
	await(t, at1, "the tags", func(agents map[string]*proto.RegisteredAgent) bool { return agents["web-1"].GetTags()["role"] == "web" })

	if _, err := operator.Rename(t.Context(), "web-1", "web-2"); err != nil {
		t.Error(err)
	}
	await(t, operator, "its new name", isActive("web-2"))
	if err := operator.Remove(t.Context(), "web-2"); err != nil {
		t.Error(err)
	}
	waitFor(t, "the end of the agent that was removed at the other master", func() bool { return !m1.service.roster.isAttached("web-2") })
}

// joinAgain tries to take a name with a new token.
func joinAgain(t *testing.T, m *testMaster, name string) (*trust.Credentials, error) {
	t.Helper()
	c, _, err := joinWithToken(t.Context(), []string{m.Address()}, m.token(t, trust.Agent, name), name)
	return c, err
}

// An agent says goodbye to one master, and is gone at the other.
func TestAgentGoesFromTheOtherMaster(t *testing.T) {
	t.Parallel()
	m1, m2 := startShared(t, testetcd.New(t, 1).Endpoints())
	operator := m2.client(t, m1.join(t, trust.Operator, "anna"))
	agent := m1.attach(t, m1.join(t, trust.Agent, "web-1"), &proto.AgentReport{Address: ":50051"})
	await(t, operator, "the agent", isActive("web-1"))
	agent.end()
	await(t, operator, "its end", func(agents map[string]*proto.RegisteredAgent) bool {
		return agents["web-1"].GetState() == proto.RegisteredAgent_GONE
	})
}

// An agent that can't be reached is called through any master.
func TestCallThroughAnotherMaster(t *testing.T) {
	t.Parallel()
	m1, m2 := startShared(t, testetcd.New(t, 1).Endpoints())
	agent := m1.attach(t, m1.join(t, trust.Agent, "web-1"), &proto.AgentReport{DialOut: true})
	operator := m2.client(t, m2.join(t, trust.Operator, "anna"))
	await(t, operator, "the agent", isActive("web-1"))
	echoed := make(chan error, 1)
	go func() { echoed <- echoOnce(agent) }()
	conn, err := operator.Tunnel(t.Context(), "web-1")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("hello")); err != nil {
		t.Error(err)
	}
	answer := make([]byte, 5)
	if _, err := conn.Read(answer); err != nil || string(answer) != "hello" {
		t.Errorf("answered %q (%v)", answer, err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if err := <-echoed; err != nil {
		t.Error(err)
	}
	agent.end()
	await(t, operator, "its end", func(agents map[string]*proto.RegisteredAgent) bool { return !isActive("web-1")(agents) })
	if conn, err := operator.Tunnel(t.Context(), "web-1"); err == nil || !strings.Contains(err.Error(), "is not attached") {
		t.Errorf("an agent that has gone was called: %v, %v", conn, err)
	}
}

// echoOnce takes a call, and sends back what comes first.
func echoOnce(a *testAgent) error {
	conn, err := a.Masters.Take(context.Background(), <-a.calls)
	if err != nil {
		return err
	}
	defer conn.Close()
	text := make([]byte, 16)
	n, err := conn.Read(text)
	if err != nil {
		return err
	}
	if _, err := conn.Write(text[:n]); err != nil {
		return err
	}
	// The operator closes first.
	if n, err := conn.Read(text); err == nil {
		return fmt.Errorf("%d bytes came that were not sent", n)
	}
	return nil
}

// A token is good for one, whichever masters are asked at the same moment.
func TestTokenRaceBetweenMasters(t *testing.T) {
	t.Parallel()
	m1, m2 := startShared(t, testetcd.New(t, 1).Endpoints())
	token := m1.token(t, trust.Operator, "anna")
	var won atomic.Int64
	var racing sync.WaitGroup
	for i := range 20 {
		racing.Go(func() {
			m := []*testMaster{m1, m2}[i%2]
			_, _, err := joinWithToken(t.Context(), []string{m.Address()}, token, "anna")
			switch {
			case err == nil:
				won.Add(1)
			case !strings.Contains(err.Error(), "was used already"):
				t.Error(err)
			}
		})
	}
	racing.Wait()
	if won.Load() != 1 {
		t.Errorf("%d joined with one token", won.Load())
	}
}

// A registry is that of one authority, and a name that of one master.
func TestMastersThatDoNotBelongTogether(t *testing.T) {
	t.Parallel()
	config := sharedConfig(testetcd.New(t, 1).Endpoints())
	m1 := serveMasterWith(t, initShared(t, config)[0], config)
	awaitWell(t, m1, 1)
	err := Init(t.Context(), newDir(t), "m9", config, "")
	if err == nil || !strings.Contains(err.Error(), "is that of another authority") {
		t.Errorf("a master of another authority was made: %v", err)
	}
	double := newDir(t)
	if err := Init(t.Context(), double, "m1", config, filepath.Join(m1.dir, ownAuthorityDir)); err != nil {
		t.Fatal(err)
	}
	warnings := make(chan string, 10)
	config.Warn = func(err error) {
		select {
		case warnings <- err.Error():
		default:
		}
	}
	m := serveMasterWith(t, double, config)
	select {
	case text := <-warnings:
		if !strings.Contains(text, "another master named m1 runs at "+m1.Address()) {
			t.Error(text)
		}
	case <-time.After(limit):
		t.Error("a second master of one name was not told")
	}
	if m.service.cluster.IsWell() || !m1.service.cluster.IsWell() {
		t.Error("the second of two masters of one name serves, or the first does not")
	}
}
