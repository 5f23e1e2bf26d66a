package sshclient

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testneeds"
)

// TestMain makes the test binary a proxy command when it is started as one.
func TestMain(m *testing.M) {
	if address := os.Getenv(relayVar); address != "" {
		os.Exit(passOn(address))
	}
	testhost.RunExchange()
	goleak.VerifyTestMain(m)
}

// relayVar makes the test binary pass on a connection to the address that it has.
const relayVar = "SLOTH_TEST_RELAY"

func passOn(address string) int {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 1
	}
	go func() {
		// The end of the input is the end of the connection.
		_, _ = io.Copy(conn, os.Stdin)
		conn.Close()
	}()
	_, _ = io.Copy(os.Stdout, conn)
	return 0
}

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

// operator is who dials a host.
type operator struct {
	*Dialer
	host Host

	mu      sync.Mutex
	notices []string
}

// newOperator is an operator who knows the host.
func newOperator(t testing.TB, h *testhost.Host) *operator {
	t.Helper()
	keys := &identity.Keyring{Home: t.TempDir()}
	t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
	})
	dialer := &Dialer{Keys: keys, HostKeys: hostKeys(t, h.KnownHosts, hostkeys.Strict), Timeout: stageLimit}
	t.Cleanup(func() { dialer.Close() })
	return &operator{
		Dialer: dialer,
		host: Host{Host: sshconfig.Host{
			Name: h.Name, Address: h.Addr(), Settings: sshconfig.Settings{User: h.User, IdentityFiles: []string{h.ClientKey}},
		}},
	}
}

func hostKeys(t testing.TB, file string, policy hostkeys.Policy) *hostkeys.Checker {
	t.Helper()
	return hostkeys.New([]string{file}, policy)
}

func (o *operator) note(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notices = append(o.notices, text)
}

// client logs in.
func (o *operator) client(t *testing.T) *Client {
	t.Helper()
	client, err := o.Dial(t.Context(), o.host, o.note)
	if err != nil {
		t.Fatalf("dial: %v (hint: %s)", err, fault.Hint(err))
	}
	return client
}

// reaches logs in and goes.
func (o *operator) reaches(t *testing.T) {
	t.Helper()
	if err := o.client(t).Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// runs logs in and runs a command, which must succeed.
func (o *operator) runs(t *testing.T, command string) {
	t.Helper()
	client := o.client(t)
	defer client.Close()
	session, err := client.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := SetEnv(session, o.host.SetEnv); err != nil {
		t.Fatal(err)
	}
	if err := session.Run(command); err != nil {
		t.Errorf("%s: %v", command, client.WrapCause(err))
	}
}

// refusal dials and expects it to fail in the stage, with these words in its text or its hint.
func (o *operator) refusal(t *testing.T, stage fault.Stage, words ...string) {
	t.Helper()
	client, err := o.Dial(t.Context(), o.host, o.note)
	if err == nil {
		client.Close()
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
