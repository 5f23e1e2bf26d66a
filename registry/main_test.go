package registry

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// TestMain makes the test binary a master when it is started as one.
func TestMain(m *testing.M) {
	if dir := os.Getenv(masterVar); dir != "" {
		os.Exit(beMaster(dir))
	}
	goleak.VerifyTestMain(m)
}

// testMaster is a master that serves on loopback for the length of a test.
type testMaster struct {
	*Master
	dir string
}

// newDir makes a master's directory. Its path is short, for the socket in it.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sm-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func testConfig() Config {
	return Config{Listen: "127.0.0.1:0", Interval: 5 * time.Minute}
}

func startMaster(t *testing.T) *testMaster {
	t.Helper()
	dir := newDir(t)
	if err := Init(t.Context(), dir, "m1", testConfig(), ""); err != nil {
		t.Fatal(err)
	}
	return serveMaster(t, dir)
}

func serveMaster(t *testing.T, dir string) *testMaster {
	t.Helper()
	return serveMasterWith(t, dir, testConfig())
}

func serveMasterWith(t *testing.T, dir string, config Config) *testMaster {
	t.Helper()
	m, err := Open(t.Context(), dir, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error("serve:", err)
		}
	})
	return &testMaster{Master: m, dir: dir}
}

// admin is the administrator's client.
func (m *testMaster) admin(t *testing.T) *client.Client {
	t.Helper()
	c := client.NewLocal(SocketPath(m.dir))
	t.Cleanup(c.Close)
	return c
}

// token makes one.
func (m *testMaster) token(t *testing.T, role trust.Role, name string) string {
	t.Helper()
	answer, err := m.admin(t).CreateToken(t.Context(), trust.Identity{Role: role, Name: name}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetToken()
}

// join makes a holder of credentials.
func (m *testMaster) join(t *testing.T, role trust.Role, name string) *trust.Holder {
	t.Helper()
	c, _, err := joinWithToken(t.Context(), []string{m.Address()}, m.token(t, role, name), name)
	if err != nil {
		t.Fatal(err)
	}
	return trust.NewHolder(c)
}

// joinWithToken is client.Join with the text of a token.
func joinWithToken(ctx context.Context, addresses []string, token, name string) (c *trust.Credentials, masters []string, err error) {
	parsed, err := trust.ParseToken(token)
	if err != nil {
		return nil, nil, err
	}
	return client.Join(ctx, addresses, parsed, name)
}

// client is that of a holder.
func (m *testMaster) client(t *testing.T, holder *trust.Holder) *client.Client {
	t.Helper()
	c := client.New(holder, []string{m.Address()})
	t.Cleanup(c.Close)
	return c
}

// testAgent is an agent that is attached.
type testAgent struct {
	*client.Presence
	renewer *client.Renewer
	calls   chan string
	// end ends the attachment, and waits for that.
	end func()
}

func (m *testMaster) attach(t *testing.T, holder *trust.Holder, report *proto.AgentReport) *testAgent {
	t.Helper()
	return attach(t, holder, []string{m.Address()}, report)
}

// attach attaches an agent to one of the masters at the addresses.
func attach(t *testing.T, holder *trust.Holder, addresses []string, report *proto.AgentReport) *testAgent {
	t.Helper()
	masters := client.NewMasters(holder, addresses)
	attached := make(chan struct{}, 1)
	a := &testAgent{calls: make(chan string, maxNotes), renewer: &client.Renewer{Masters: masters, Holder: holder}}
	report.Version = "test"
	a.Presence = &client.Presence{
		Masters: masters, Holder: holder, Report: func() *proto.AgentReport { return report },
		Called: func(number string) { a.calls <- number }, Renew: a.renewer.RenewNow,
		Attached: func(err error) {
			if err == nil {
				select {
				case attached <- struct{}{}:
				default:
				}
			}
		},
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{}, 2)
	go func() { a.Run(ctx); done <- struct{}{} }()
	go func() { a.renewer.Run(ctx); done <- struct{}{} }()
	ended := false
	a.end = func() {
		if !ended {
			ended = true
			stop()
			<-done
			<-done
			masters.Close()
		}
	}
	t.Cleanup(a.end)
	select {
	case <-attached:
	case <-time.After(limit):
		t.Fatal("the agent was not attached")
	}
	return a
}

// limit bounds what should be there at once, on a machine that is busy.
const limit = 2 * time.Minute

// await calls c's Watch until the list is as wanted.
func await(t *testing.T, c *client.Client, what string, wanted func(map[string]*proto.RegisteredAgent) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var last *proto.ListResponse
	err := c.Watch(ctx, func(list *proto.ListResponse) error {
		last = list
		if wanted(byName(list)) {
			return errFound
		}
		return nil
	})
	if err == nil || ctx.Err() != nil {
		t.Fatalf("%s: it did not come to that: %v; %v", what, err, last)
	}
}

func byName(list *proto.ListResponse) map[string]*proto.RegisteredAgent {
	agents := map[string]*proto.RegisteredAgent{}
	for _, agent := range list.GetAgents() {
		agents[agent.GetName()] = agent
	}
	return agents
}
