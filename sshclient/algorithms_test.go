package sshclient

import (
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

func TestAlgorithmsOfAHost(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{
		"Ciphers aes256-ctr", "MACs hmac-sha2-512", "KexAlgorithms curve25519-sha256@libssh.org",
	}})
	o := newOperator(t, h)
	with := func(change func(*sshconfig.Settings)) *operator {
		each := &operator{Dialer: o.Dialer, host: o.host}
		change(&each.host.Settings)
		return each
	}
	with(func(o *sshconfig.Settings) {
		o.Ciphers, o.MACs, o.KexAlgorithms = "future,aes256-ctr", "^hmac-sha2-512", "curve25519-sha256@libssh.org"
		o.HostKeyAlgorithms, o.PubkeyAcceptedAlgorithms = "ssh-ed25519*", "+ssh-rsa"
	}).reaches(t)
	with(func(o *sshconfig.Settings) { o.Ciphers = "-*-ctr" }).refusal(t, fault.Handshake, "aes256-ctr")
	with(func(o *sshconfig.Settings) { o.MACs = "hmac-sha2-256" }).refusal(t, fault.Handshake, "hmac-sha2-512")
	with(func(o *sshconfig.Settings) { o.KexAlgorithms = "ecdh-*" }).refusal(t, fault.Handshake, "curve25519-sha256")
	with(func(o *sshconfig.Settings) { o.KexAlgorithms = "future" }).refusal(t, fault.Handshake, `KexAlgorithms "future" leaves nothing`, "curve25519-sha256")
	with(func(o *sshconfig.Settings) { o.HostKeyAlgorithms = "-ssh-ed25519" }).refusal(t, fault.Handshake, "host key")
	with(func(o *sshconfig.Settings) { o.PubkeyAcceptedAlgorithms = "-ssh-ed25519" }).
		refusal(t, fault.Authenticate, "permission denied", "PubkeyAcceptedAlgorithms leaves out the key ssh-ed25519")
}

func TestRevokedHostKeys(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	file := filepath.Join(t.TempDir(), "revoked")
	with := func(text string) *operator {
		o := newOperator(t, h)
		if text != "" {
			write(t, file, text, 0o600)
		}
		o.host.RevokedHostKeys = file
		return o
	}
	own := string(ssh.MarshalAuthorizedKey(publicKeyOf(t, h)))
	other := string(ssh.MarshalAuthorizedKey(otherKey(t)))
	with("").refusal(t, fault.Handshake, "RevokedHostKeys can't be read", file)
	with("# none of these\n\n" + other).reaches(t)
	with(other+own).refusal(t, fault.Handshake, "is revoked in "+file+":2")
	with(other+"what?\n").refusal(t, fault.Handshake, file+":2: expected a public key")
	write(t, file, other, 0o600)
	keygen(t, "-q", "-k", "-f", file+".krl", file)
	o := with(other)
	o.host.RevokedHostKeys = file + ".krl"
	o.refusal(t, fault.Handshake, "key revocation list in binary form")
}

// publicKeyOf is the key that a host presents.
func publicKeyOf(t *testing.T, h *testhost.Host) ssh.PublicKey {
	t.Helper()
	_, _, key, _, _, err := ssh.ParseKnownHosts([]byte(h.KnownHostsLine(h.Addr())))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestCASignatureAlgorithms(t *testing.T) {
	h, authority := certified(t)
	o, _ := knowing(t, h, hostkeys.Strict, "@cert-authority * "+string(ssh.MarshalAuthorizedKey(authority)))
	o.host.CASignatureAlgorithms = "-ssh-ed25519"
	o.refusal(t, fault.Handshake, "host key is not known", `its signature is "ssh-ed25519", which CASignatureAlgorithms does not have`)
	o.host.CASignatureAlgorithms = "ssh-ed25519"
	o.reaches(t)
}
