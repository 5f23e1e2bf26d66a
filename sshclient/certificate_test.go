package sshclient

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/identity"
	"sloth-runner/tools/testhost"
)

// certifying is a host that takes certificates only, with a key and its certificate at key + "-cert.pub".
func certifying(t *testing.T, options ...string) (h *testhost.Host, key string) {
	t.Helper()
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca")
	key = filepath.Join(dir, "key")
	keygen(t, "-q", "-t", "ed25519", "-N", "", "-f", ca)
	keygen(t, "-q", "-t", "ed25519", "-N", "", "-f", key)
	h = testhost.New(t, testhost.Options{ExtraConfig: []string{"TrustedUserCAKeys " + ca + ".pub", "AuthorizedKeysFile none"}})
	keygen(t, append([]string{"-q", "-s", ca, "-I", "someone", "-n", h.User}, append(options, key+".pub")...)...)
	return h, key
}

func TestCertificateBesideTheKey(t *testing.T) {
	h, key := certifying(t)
	o := holding(t, h, &identity.Keyring{Home: t.TempDir()}, key)
	signers, _ := o.Keys.Signers(t.Context(), o.host.Settings, nil)
	if len(signers) != 2 || !strings.Contains(signers[0].PublicKey().Type(), "-cert-") {
		t.Errorf("a certificate is not offered before its key: %s", fingerprints(signers))
	}
	o.reaches(t)
}

func TestCertificateFile(t *testing.T) {
	h, key := certifying(t)
	certificate := filepath.Join(t.TempDir(), "elsewhere.pub")
	if err := os.Rename(key+"-cert.pub", certificate); err != nil {
		t.Fatal(err)
	}
	holding(t, h, &identity.Keyring{Home: t.TempDir()}, key).refusal(t, fault.Authenticate, "permission denied")
	o := holding(t, h, &identity.Keyring{Home: t.TempDir()}, key)
	o.host.CertificateFiles = []string{certificate}
	o.reaches(t)
	// The key may be in the ssh-agent only.
	o = holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: sshAgent(t, key)})
	o.host.CertificateFiles, o.host.IdentitiesOnly = []string{certificate}, true
	o.reaches(t)
	o = holding(t, h, &identity.Keyring{Home: t.TempDir()})
	o.host.CertificateFiles = []string{certificate, "/nonexistent"}
	o.refusal(t, fault.Authenticate, "no private key for it", "certificate /nonexistent: ", "no such file")
}

func TestCertificateOfTheAgent(t *testing.T) {
	h, key := certifying(t)
	socket := sshAgent(t, key) // ssh-add takes the certificate beside the key with it
	if err := os.Remove(key + "-cert.pub"); err != nil {
		t.Fatal(err)
	}
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: socket}).reaches(t)
	o := holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: socket}, key)
	o.host.IdentitiesOnly = true
	o.reaches(t)
}

func TestCertificateOfALockedKey(t *testing.T) {
	h, key := certifying(t)
	keygen(t, "-q", "-p", "-a", "1", "-f", key, "-P", "", "-N", "secret")
	p := &person{answers: []string{"secret"}}
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, key).reaches(t)
	if p.asked.Load() != 1 {
		t.Errorf("asked %d times", p.asked.Load())
	}
}

func TestCertificateThatEnded(t *testing.T) {
	h, key := certifying(t, "-V", "20200101:20200102")
	holding(t, h, &identity.Keyring{Home: t.TempDir()}, key).refusal(t, fault.Authenticate, "permission denied", `the certificate "someone" ended at 2020-01-0`)
}

// IdentitiesOnly leaves out what the ssh-agent has besides the named keys.
func TestIdentitiesOnly(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"MaxAuthTries 2"}})
	stranger := strangers(t, 1)[0]
	full := sshAgent(t, append(strangers(t, 4), h.ClientKey, stranger)...)
	o := holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: full}, stranger)
	o.host.IdentitiesOnly = true
	o.refusal(t, fault.Authenticate, "permission denied (offered ssh-ed25519 "+ssh.FingerprintSHA256(publicKey(t, stranger+".pub"))+")")
	// A public key names the agent's.
	o = holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: full}, h.ClientKey+".pub")
	o.host.IdentitiesOnly = true
	o.reaches(t)
}

func TestIdentityAgent(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	right, wrong := sshAgent(t, h.ClientKey), sshAgent(t)
	o := holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: wrong})
	o.host.IdentityAgent = right
	o.reaches(t)
	o.host.IdentityAgent = ""
	o.refusal(t, fault.Authenticate, "no key was found")
	o = holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: right})
	o.host.IdentityAgent = "none"
	o.refusal(t, fault.Authenticate, "no key was found")
}

// securityKey is an ssh-agent with a FIDO key that somebody touches at once (PROTOCOL.u2f of OpenSSH).
type securityKey struct {
	agent.ExtendedAgent
	public  ssh.PublicKey
	private ed25519.PrivateKey
}

const (
	securityKeyType = "sk-ssh-ed25519@openssh.com"
	application     = "ssh:"
)

func (s *securityKey) List() ([]*agent.Key, error) {
	return []*agent.Key{{Format: securityKeyType, Blob: s.public.Marshal(), Comment: "fido"}}, nil
}

func (s *securityKey) Sign(_ ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	return s.SignWithFlags(s.public, data, 0)
}

func (s *securityKey) SignWithFlags(_ ssh.PublicKey, data []byte, _ agent.SignatureFlags) (*ssh.Signature, error) {
	const touched = 1
	state := binary.BigEndian.AppendUint32([]byte{touched}, 7)
	of, what := sha256.Sum256([]byte(application)), sha256.Sum256(data)
	signed := append(append(append([]byte{}, of[:]...), state...), what[:]...)
	return &ssh.Signature{Format: securityKeyType, Blob: ed25519.Sign(s.private, signed), Rest: state}, nil
}

func TestSecurityKeyOfTheAgent(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParsePublicKey(ssh.Marshal(struct {
		Type        string
		Key         []byte
		Application string
	}{securityKeyType, public, application}))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "fido")
	write(t, file+".pub", string(ssh.MarshalAuthorizedKey(key)), 0o644)
	socket := serveAgent(t, &securityKey{public: key, private: private})
	both(t, testhost.Options{ClientKey: file}, func(t *testing.T, h *testhost.Host) {
		holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: socket}).reaches(t)
		// By its name, where the file with the private half is of no use without the key.
		o := holding(t, h, &identity.Keyring{Home: t.TempDir(), Socket: socket}, file)
		o.host.IdentitiesOnly = true
		o.reaches(t)
	})
}

// serveAgent serves an ssh-agent of ours.
func serveAgent(t *testing.T, a agent.Agent) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				// It ends with the client.
				_ = agent.ServeAgent(a, conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return filepath.Join(dir, "s")
}
