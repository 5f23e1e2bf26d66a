package sshclient

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// sshAgent is a real ssh-agent with keys in it.
func sshAgent(t *testing.T, keys ...string) (socket string) {
	t.Helper()
	// The path of a socket has to be short.
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "s")
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "ssh-agent", "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		// It was killed.
		_ = cmd.Wait()
	})
	waitFor(t, "the ssh-agent", func() bool { _, err := os.Stat(socket); return err == nil })
	for _, key := range keys {
		add := exec.Command("ssh-add", "-q", key)
		add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v: %s", err, out)
		}
	}
	return socket
}

// holding is an operator with these keys only.
func holding(t *testing.T, h *testhost.Host, keys *identity.Keyring, files ...string) *operator {
	t.Helper()
	t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
	})
	o := newOperator(t, h)
	o.Keys = keys
	o.host.IdentityFiles = files
	return o
}

// strangers are keys that no host accepts.
func strangers(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	files := make([]string, n)
	for i := range files {
		files[i] = filepath.Join(dir, "key"+string(rune('a'+i)))
		if _, err := testhost.WriteKey(files[i], ""); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestKeyOfTheAgent(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		keys := &identity.Keyring{Socket: sshAgent(t, append(strangers(t, 2), h.ClientKey)...)}
		o := holding(t, h, keys)
		o.reaches(t)
		o.reaches(t)
	})
}

func TestRSAKeyOfTheAgent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rsa")
	rsaKey(t, file)
	h := testhost.New(t, testhost.Options{ClientKey: file})
	holding(t, h, &identity.Keyring{Socket: sshAgent(t, file)}).reaches(t)
}

func TestUsualFile(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	home := t.TempDir()
	write(t, filepath.Join(home, ".ssh", "id_ed25519"), read(t, h.ClientKey), 0o600)
	holding(t, h, &identity.Keyring{Home: home}).reaches(t)
}

// A server that allows few tries gets the key that was asked for first.
func TestNamedKeyComesBeforeAFullAgent(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"MaxAuthTries 3"}})
	full := sshAgent(t, strangers(t, 8)...)
	holding(t, h, &identity.Keyring{Socket: full}, h.ClientKey).reaches(t)
	holding(t, h, &identity.Keyring{Socket: full}).refusal(t, fault.Authenticate, h.User+"@"+h.Addr(), "allows fewer tries than were made", "-k FILE")
}

// A named file with a passphrase stands for the same key of the ssh-agent.
func TestLockedFile(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"MaxAuthTries 3"}})
	locked := filepath.Join(t.TempDir(), "locked")
	write(t, locked, read(t, h.ClientKey), 0o600)
	keygen(t, "-q", "-p", "-a", "1", "-f", locked, "-P", "", "-N", "secret")
	holding(t, h, &identity.Keyring{}, locked).refusal(t, fault.Authenticate, "no key was found to offer", locked+" has a passphrase", "ssh-add")
	full := sshAgent(t, append(strangers(t, 8), h.ClientKey)...)
	holding(t, h, &identity.Keyring{Socket: full}, locked).reaches(t)
}

func TestRefusedLogin(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		file := strangers(t, 1)[0]
		holding(t, h, &identity.Keyring{}, file).refusal(t, fault.Authenticate,
			h.User+"@"+h.Addr()+": permission denied (offered ssh-ed25519 "+ssh.FingerprintSHA256(publicKey(t, file+".pub")), "-k FILE", "-u USER")
		holding(t, h, &identity.Keyring{Home: t.TempDir()}).refusal(t, fault.Authenticate, "permission denied (no key was found to offer)")
		holding(t, h, &identity.Keyring{}, "/nonexistent/key").refusal(t, fault.Authenticate, "/nonexistent/key", "no such file")
		holding(t, h, &identity.Keyring{}, h.KnownHosts).refusal(t, fault.Authenticate, h.KnownHosts+" is not a private key")
		holding(t, h, &identity.Keyring{Socket: "/nonexistent/agent"}).refusal(t, fault.Authenticate, "ssh-agent", "/nonexistent/agent")
		if h.Authentications() != 0 {
			t.Error("logged in")
		}
	})
}

// An ssh-agent that is broken harms nobody who has another key.
func TestBrokenAgent(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	holding(t, h, &identity.Keyring{Socket: "/nonexistent/agent"}, h.ClientKey).reaches(t)
}

// hangingAgent accepts connections and never answers.
func hangingAgent(t *testing.T) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return socket
}

func TestAgentThatHangs(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	keys := &identity.Keyring{Socket: hangingAgent(t)}
	o := holding(t, h, keys)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	signers, problems := keys.Signers(ctx, sshconfig.Settings{IdentityFiles: []string{h.ClientKey}}, func(do func()) { do() })
	if len(signers) != 1 || len(problems) != 1 || !strings.Contains(problems[0].Error(), "ssh-agent: enough") {
		t.Errorf("signers %v, problems %v", signers, problems)
	}
	o.refusal(t, fault.Authenticate, "no key was found to offer", "ssh-agent: no answer in time")
}
