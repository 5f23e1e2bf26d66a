package runner_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/role"
	"sloth-runner/bootstrap"
	"sloth-runner/bootstrap/payload"
	"sloth-runner/connect"
	"sloth-runner/internal/duplex"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/authztest"
	"sloth-runner/tools/testhost"
	"sloth-runner/trust"
)

// TestMain makes the test binary an agent when it is started as one, as main does.
func TestMain(m *testing.M) {
	if role := role.Of(os.Args[1:]); role != nil {
		os.Exit(role("test"))
	}
	dir, err := os.MkdirTemp("", "sloth-runner-")
	if err != nil {
		panic(err)
	}
	// Agents of this account keep files there.
	if err := os.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache")); err != nil {
		panic(err)
	}
	program, embedded = filepath.Join(dir, "sloth-runner"), filepath.Join(dir, "agents")
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		if err := os.RemoveAll(dir); err != nil {
			panic(err)
		}
		os.Exit(status)
	}))
}

// program is where the program is built that tests copy to hosts, and embedded where it is as it is embedded.
var program, embedded string

// way is a way to an agent. prepare makes what all cases share, and returns what opens a site for one of them.
type way struct {
	name    string
	prepare func(*testing.T) (open func(*testing.T) *site)
}

func ways() []way {
	alone := func(open func(*testing.T) *site) func(*testing.T) func(*testing.T) *site {
		return func(*testing.T) func(*testing.T) *site { return open }
	}
	return []way{
		{"in this process", alone(local)}, {"TCP", alone(tcp)}, {"TLS", alone(overTLS)}, {"stdio of a process", alone(stdio)},
		{"SSH, cold", alone(func(t *testing.T) *site { return overSSH(t, testhost.New(t, testhost.Options{})) })},
		{"SSH, warm", warmSSH},
	}
}

func local(*testing.T) *site {
	return &site{
		connector: connect.Local{Service: role.NewService("test")},
		target:    inventory.Target{Name: "here", Kind: inventory.Local, Address: "localhost"},
	}
}

func tcp(t *testing.T) *site {
	return served(t, &persistent.Agent{Service: role.NewService("test")}, connect.Dialer{}, "")
}

// overTLS reaches a persistent agent as an operator of its authority.
func overTLS(t *testing.T) *site {
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	holder := func(role trust.Role, name string) *trust.Holder {
		id := trust.Identity{Role: role, Name: name}
		return trust.NewHolder(authztest.Credentials(t, authority, id, time.Now(), time.Hour))
	}
	agent := &persistent.Agent{Service: role.NewService("test"), Holder: holder(trust.Agent, "agent"), Dir: t.TempDir()}
	return served(t, agent, connect.Dialer{Holder: holder(trust.Operator, "anna")}, "agent")
}

// served serves an agent on a port until the test ends.
func served(t *testing.T, agent *persistent.Agent, dialer connect.Dialer, name string) *site {
	listener, err := persistent.Listen(t.Context(), "127.0.0.1:0", agent.Holder != nil)
	if err != nil {
		t.Fatal(err)
	}
	agent.Tell = func(string) {}
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := agent.Serve(ctx, listener); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		serving.Wait()
	})
	b := &breakable{Connector: dialer}
	return &site{
		connector: b, breakLink: b.breakLink,
		target: inventory.Target{Name: "agent", Kind: inventory.Agent, Address: listener.Addr().String(), Agent: name},
	}
}

func stdio(*testing.T) *site {
	b := &breakable{Connector: process{}}
	return &site{connector: b, breakLink: b.breakLink, target: inventory.Target{Name: "child", Address: "a child process"}}
}

// overSSH reaches an agent that is copied to the host first if it isn't there.
func overSSH(t *testing.T, host *testhost.Host) *site {
	hostKeys := hostkeys.New([]string{host.KnownHosts}, hostkeys.Strict)
	agent, err := agents()
	if err != nil {
		t.Fatal(err)
	}
	keys := &identity.Keyring{}
	t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
		mustBeQuiet(t, host)
	})
	b := &breakable{Connector: &bootstrap.Connector{SSH: &sshclient.Dialer{HostKeys: hostKeys, Keys: keys, Timeout: time.Minute}, Payload: agent}}
	return &site{
		connector: b, breakLink: b.breakLink,
		target: inventory.Target{
			Name: host.Name, Kind: inventory.SSH, Address: host.Addr(), SSH: sshconfig.Settings{User: host.User, IdentityFiles: []string{host.ClientKey}},
		},
	}
}

// agents are built and compressed once for all tests.
var agents = sync.OnceValues(func() (*payload.Source, error) {
	if err := testhost.BuildAgent(program); err != nil {
		return nil, err
	}
	return &payload.Source{Path: program, Embedded: os.DirFS(embedded)}, testhost.EmbedAgent(program, embedded)
})

// warmSSH makes a host that has the agent, and refuses all but one session at a time.
func warmSSH(t *testing.T) func(*testing.T) *site {
	host := testhost.New(t, testhost.Options{MaxSessions1: true, NoForwarding: true})
	overSSH(t, host).run(t, shellTask("true", ""))
	return func(t *testing.T) *site { return overSSH(t, host) }
}

// mustBeQuiet waits until no process is left on the host.
func mustBeQuiet(t *testing.T, host *testhost.Host) {
	for limit := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		left, err := host.Processes()
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("processes %v are left on the host", left)
		}
	}
}

// process reaches an agent that it starts as a child, as an SSH server would.
type process struct{}

func (process) Connect(_ context.Context, _ inventory.Target, _ func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	cmd := exec.Command(os.Args[0], "agent", "serve", "--stdio", "--marker", "mark")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	ready := make([]byte, len("mark ready\n"))
	if _, err := stdout.Read(ready); err != nil || !strings.HasSuffix(string(ready), "ready\n") {
		return nil, 0, errors.New("the agent is not ready: " + string(ready))
	}
	return duplex.New(duplex.Config{Reader: stdout, Writer: stdin, Close: func() error {
		stdin.Close()
		return cmd.Wait()
	}}), 0, nil
}

// breakable remembers the connection, to break it.
type breakable struct {
	runner.Connector
	mu   sync.Mutex
	conn net.Conn
}

func (b *breakable) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	conn, via, err := b.Connector.Connect(ctx, target, report)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn = conn
	return conn, via, err
}

func (b *breakable) breakLink() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn.Close()
}
