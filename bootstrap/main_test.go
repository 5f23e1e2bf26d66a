package bootstrap

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/agent/role"
	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testneeds"
)

// TestMain makes the test binary an agent when it is started as one, as main does.
func TestMain(m *testing.M) {
	if role := role.Of(os.Args[1:]); role != nil {
		os.Exit(role("test"))
	}
	testhost.RunExchange()
	if os.Getenv(operatorVar) != "" {
		os.Exit(operate(os.Getenv(operatorVar)))
	}
	dir, err := os.MkdirTemp("", "sloth-bootstrap-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		if err := os.RemoveAll(dir); err != nil {
			panic(err)
		}
		os.Exit(status)
	}))
}

// scratch is where agents are built that tests copy to hosts.
var scratch string

// stageLimit is generous: a test that waits for it in vain has failed already.
const stageLimit = time.Minute

// shortLimit is for what has to run into it. It is long enough for what has to succeed before that.
const shortLimit = 8 * time.Second

// both runs a test on an OpenSSH server and on the one in Go.
func both(t *testing.T, o testhost.Options, test func(*testing.T, *testhost.Host)) {
	for _, name := range []string{"openssh", "go"} {
		t.Run(name, func(t *testing.T) {
			o := o
			o.ForceGo = name == "go"
			h := testhost.New(t, o)
			if h.Implementation() != name {
				mustHaveInCI(t, "an OpenSSH server")
			}
			test(t, h)
		})
	}
}

// mustHaveInCI ends a test for lack of what: as failed in CI, else as skipped.
func mustHaveInCI(t *testing.T, what string) {
	t.Helper()
	testneeds.Lacking(t, what)
}

// operator is what one run on the operator's machine has.
type operator struct {
	*Connector
	target inventory.Target

	mu     sync.Mutex
	events []*proto.Event
}

// newOperator is an operator who knows the host.
func newOperator(t testing.TB, h *testhost.Host) *operator { return operatorWith(t, h, stub) }

// newOperatorOfAgents is newOperator with the real agent, for what it does on a host.
func newOperatorOfAgents(t testing.TB, h *testhost.Host) *operator { return operatorWith(t, h, self) }

func operatorWith(t testing.TB, h *testhost.Host, source func() (*payload.Source, error)) *operator {
	t.Helper()
	keys := &identity.Keyring{Home: t.TempDir()}
	t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
	})
	agents, err := source()
	if err != nil {
		t.Fatal(err)
	}
	connector := &Connector{
		SSH:     &sshclient.Dialer{Keys: keys, HostKeys: hostkeys.New([]string{h.KnownHosts}, hostkeys.Strict), Timeout: stageLimit},
		Payload: agents,
	}
	t.Cleanup(func() { connector.Close() })
	return &operator{
		Connector: connector,
		target: inventory.Target{
			Name: h.Name, Kind: inventory.SSH, Address: h.Addr(), SSH: sshconfig.Settings{User: h.User, IdentityFiles: []string{h.ClientKey}},
		},
	}
}

// self is the real agent, and stub the small one of tools/testhost. They are built and compressed once for all tests.
var (
	self = sync.OnceValues(func() (*payload.Source, error) { return agents("agent", testhost.BuildAgent, testhost.EmbedAgent) })
	stub = sync.OnceValues(func() (*payload.Source, error) {
		return agents("stub", testhost.BuildStubAgent, testhost.EmbedStubAgent)
	})
)

func agents(name string, build func(string) error, embed func(program, dir string) error) (*payload.Source, error) {
	program, embedded := filepath.Join(scratch, name), filepath.Join(scratch, name+"s")
	if err := build(program); err != nil {
		return nil, err
	}
	return &payload.Source{Path: program, Embedded: os.DirFS(embedded)}, embed(program, embedded)
}

func (o *operator) connect(ctx context.Context) (net.Conn, proto.HostConnected_Via, error) {
	return o.Connect(ctx, o.target, o.note)
}

func (o *operator) note(e *proto.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, e)
}

// visit connects, expects the agent to have come that way and to answer, and goes.
func (o *operator) visit(t *testing.T, want proto.HostConnected_Via) {
	t.Helper()
	conn, via, err := o.connect(t.Context())
	if err != nil {
		t.Fatalf("connect: %v (hint: %s)", err, fault.Hint(err))
	}
	if via != want {
		t.Errorf("connected via %s, want %s", via, want)
	}
	answers(t, conn)
	if err := conn.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// answers fails unless gRPC is served on the connection: HTTP/2 begins with a SETTINGS frame.
func answers(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(stageLimit)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	var frame [9]byte
	if _, err := io.ReadFull(conn, frame[:]); err != nil || frame[3] != 4 {
		t.Fatalf("the agent answered %q, %v", frame, err)
	}
}

// refusal connects and expects it to fail in the stage, with these words in its text or its hint.
func (o *operator) refusal(t *testing.T, stage fault.Stage, words ...string) {
	t.Helper()
	conn, _, err := o.connect(t.Context())
	if err == nil {
		conn.Close()
		t.Fatal("connected")
	}
	mustFail(t, err, stage, words...)
}

func mustFail(t *testing.T, err error, stage fault.Stage, words ...string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("not a fault: %v", err)
	}
	if f.Stage != stage {
		t.Errorf("failed in stage %s, want %s: %v", f.Stage.String(), stage.String(), err)
	}
	text := err.Error() + "; " + fault.Hint(err)
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the error lacks %q: %s", word, text)
		}
	}
	if strings.Contains(text, "\n") {
		t.Errorf("the error has more than one line: %q", text)
	}
	if len(text) > 16<<10 {
		t.Errorf("the error has %d bytes", len(text))
	}
}

// cacheOf is the directory on the host where its agent belongs.
func cacheOf(h *testhost.Host) string { return filepath.Join(h.Home, ".cache", "sloth-runner") }

var agentName = regexp.MustCompile(`^agent-[0-9a-f]{64}$`)

// mustHoldOneAgent fails unless a directory has one agent and nothing else.
func mustHoldOneAgent(t *testing.T, dir string) {
	t.Helper()
	if names := list(t, dir); len(names) != 1 || !agentName.MatchString(names[0]) {
		t.Errorf("%s holds %v, want one agent", dir, names)
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// mustBeQuiet waits until no process is left on the host.
func mustBeQuiet(t *testing.T, h *testhost.Host) {
	t.Helper()
	waitFor(t, "the end of all processes on the host", func() bool {
		left, err := h.Processes()
		if err != nil {
			t.Fatal(err)
		}
		return len(left) == 0
	})
}

// waitFor waits for something that happens in another process and tells nobody.
func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * stageLimit); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// write makes a file, with the directories above it.
func write(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
