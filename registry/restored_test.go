package registry

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/tools/authztest"
	"sloth-runner/trust"
)

// warnings are what a master says.
type warnings struct {
	mu   sync.Mutex
	said []string
}

func (w *warnings) take(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, err.Error())
}

func (w *warnings) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.said, "\n")
}

// restarting is a master that is stopped, changed, and started again, at one address.
type restarting struct {
	*testMaster
	config Config
	stop   func()
}

func startAgain(t *testing.T, dir string, config Config) *restarting {
	t.Helper()
	m, err := Open(t.Context(), dir, config)
	if err != nil {
		t.Fatal(err)
	}
	config.Listen = m.Address()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx) }()
	once := sync.OnceFunc(func() {
		stop()
		if err := <-served; err != nil {
			t.Error("serve:", err)
		}
	})
	t.Cleanup(once)
	return &restarting{&testMaster{Master: m, dir: dir}, config, once}
}

func (m *restarting) copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(m.dir, from))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.dir, to), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A master whose whole directory was put back from a backup gets from an agent what was revoked since, and revokes others:
// its numbers don't go back.
func TestRestoredFromABackup(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	var said warnings
	config := testConfig()
	config.Interval, config.Warn = 100*time.Millisecond, said.take
	if err := Init(t.Context(), dir, "m1", config, ""); err != nil {
		t.Fatal(err)
	}
	m := startAgain(t, dir, config)
	eve, bob, web := m.join(t, trust.Operator, "eve"), m.join(t, trust.Operator, "bob"), m.join(t, trust.Agent, "web-1")
	m.stop()
	m.copyFile(t, storeFile, "backup")

	m = startAgain(t, dir, m.config)
	agent := m.attach(t, web, agentReport())
	for range 3 { // the agent's list has a number that a counter would not reach
		if _, err := m.admin(t).RevokeAndWait(t.Context(), &proto.RevokeRequest{
			Role: "operator", Name: "eve", IssuedBefore: timestamppb.Now(), Wait: durationpb.New(limit),
		}); err != nil {
			t.Fatal(err)
		}
	}
	agent.end()
	m.stop()
	m.copyFile(t, "backup", storeFile)
	if err := os.Remove(filepath.Join(dir, credentialsDir, "revocations.der")); err != nil {
		t.Fatal(err)
	}

	m = startAgain(t, dir, m.config)
	if _, err := m.client(t, eve).List(t.Context(), 0); err != nil {
		t.Errorf("the backup is not one of before the revocation: %v", err)
	}
	m.attach(t, web, agentReport())
	waitFor(t, "the revocation that an agent knows, at the master", func() bool {
		return m.holder.Current().Revocations.Covers(eve.Current().Cert)
	})
	if _, err := m.client(t, eve).List(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "its certificate is revoked") {
		t.Errorf("eve after the agent has come: %v", err)
	}
	if text := said.text(); !strings.Contains(text, "the registry is older than the list of agent web-1") {
		t.Errorf("nobody was told: %q", text)
	}
	answer, err := m.admin(t).RevokeAndWait(t.Context(), &proto.RevokeRequest{Role: "operator", Name: "bob", Wait: durationpb.New(limit)})
	if err != nil || answer.GetAgents() != 1 || answer.GetConfirmed() != 1 {
		t.Errorf("%v (%v)", answer, err)
	}
	if !web.Current().Revocations.Covers(bob.Current().Cert) || !web.Current().Revocations.Covers(eve.Current().Cert) {
		t.Error("the agent serves bob or eve")
	}
}

// An agent that is revoked can't attach any more, and still hears of whom it has to refuse.
func TestRevokedAgentHearsOfRevocations(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	web, eve := m.join(t, trust.Agent, "web-1"), m.join(t, trust.Operator, "eve")
	m.attach(t, web, agentReport())
	for _, id := range []trust.Identity{web.Current().Identity, eve.Current().Identity} {
		if _, err := m.admin(t).Revoke(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, "eve's revocation at an agent that is revoked itself", func() bool {
		return web.Current().Revocations.Covers(eve.Current().Cert)
	})
}

// Operators can't revoke everybody, and nobody can revoke what is to come.
func TestRevokeEverybody(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	anna := m.join(t, trust.Operator, "anna")
	client, request := m.client(t, anna), &proto.RevokeRequest{Everybody: true, IssuedBefore: timestamppb.Now()}
	if _, err := client.RevokeAndWait(t.Context(), request); err == nil || !strings.Contains(err.Error(), "that takes the administrator") {
		t.Errorf("an operator: %v", err)
	}
	future := &proto.RevokeRequest{Everybody: true, IssuedBefore: timestamppb.New(time.Now().Add(time.Hour))}
	if _, err := m.admin(t).RevokeAndWait(t.Context(), future); err == nil || !strings.Contains(err.Error(), "is in the future") {
		t.Errorf("the future: %v", err)
	}
	token := m.token(t, trust.Operator, "bob")
	// Certificates have whole seconds.
	for second := time.Now().Truncate(time.Second); !time.Now().Truncate(time.Second).After(second); time.Sleep(10 * time.Millisecond) {
	}
	request.IssuedBefore = timestamppb.Now()
	if _, err := m.admin(t).RevokeAndWait(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if _, err := client.List(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "its certificate is revoked") {
		t.Errorf("anna: %v", err)
	}
	if _, _, err := joinWithToken(t.Context(), []string{m.Address()}, token, "bob"); err == nil || !strings.Contains(err.Error(), "the token is not known") {
		t.Errorf("a token of before: %v", err)
	}
	if _, err := m.client(t, m.join(t, trust.Operator, "anna")).List(t.Context(), 0); err != nil {
		t.Errorf("anna, who has joined again: %v", err)
	}
}

// A registry without the record of Init is none that a master goes on with.
func TestEmptiedRegistry(t *testing.T) {
	t.Parallel()
	for name, empty := range map[string]func(path string) error{
		"removed": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"another": func(path string) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			s, err := store.OpenFile(path)
			if err != nil {
				return err
			}
			return s.Close()
		},
	} {
		dir := newDir(t)
		if err := Init(t.Context(), dir, "m1", testConfig(), ""); err != nil {
			t.Fatal(err)
		}
		if err := empty(filepath.Join(dir, storeFile)); err != nil {
			t.Fatal(err)
		}
		m, err := Open(t.Context(), dir, testConfig())
		if err == nil {
			t.Errorf("%s: it was opened", name)
			_ = m.Close()
			continue
		}
		if !strings.Contains(err.Error(), "has not the record that `sloth-runner master init` wrote") || !strings.Contains(fault.Hint(err), "from a backup") {
			t.Errorf("%s: %v (%s)", name, err, fault.Hint(err))
		}
	}
}

// The numbers of lists go on whatever the clock does, and what is revoked stays so.
func TestRevocationsAndTheClock(t *testing.T) {
	t.Parallel()
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.OpenFile(filepath.Join(t.TempDir(), storeFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Now()
	holder := trust.NewHolder(authztest.Credentials(t, authority, trust.Identity{Role: trust.Master, Name: "m1"}, now, time.Hour))
	service, err := NewService(t.Context(), ServiceConfig{
		Store: kept, Authority: authority, Holder: holder,
		Now: func() time.Time { return now }, Elapsed: func() time.Duration { return time.Minute },
	})
	if err != nil {
		t.Fatal(err)
	}
	began, last := now, int64(0)
	var revoked []*trust.Credentials
	for _, jump := range []time.Duration{0, 0, time.Hour, -time.Hour, 400 * 24 * time.Hour, 0, -30 * 365 * 24 * time.Hour, 0} {
		now = began.Add(jump)
		operator := authztest.Credentials(t, authority, trust.Identity{Role: trust.Operator, Name: "eve"}, began, 24*time.Hour)
		err := kept.Update(t.Context(), func(tx store.Tx) error {
			if err := record(tx, operator.Identity, operator.Cert, 1, began); err != nil {
				return err
			}
			_, err := service.revokeBefore(tx, operator.Identity, began.Add(-time.Hour))
			if err == nil {
				_, err = service.revokeSome(tx, operator.Identity, all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := service.publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		list := holder.Current().Revocations
		if list.Number() <= last {
			t.Errorf("after a jump of %s the list's number is %d, and was %d", jump, list.Number(), last)
		}
		last = list.Number()
		if jump < time.Hour*24*30 {
			revoked = append(revoked, operator)
		}
		for i, c := range revoked {
			if !list.Covers(c.Cert) {
				t.Errorf("after a jump of %s the revocation %d is forgotten", jump, i)
			}
		}
	}
}
