package sshclient

import (
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/identity"
	"sloth-runner/tools/testhost"
)

// A host that wants two keys gets two, also when the one that it takes second was refused first.
func TestTwoKeys(t *testing.T) {
	keys := strangers(t, 3)
	authorized := filepath.Join(t.TempDir(), "authorized_keys")
	write(t, authorized, read(t, keys[0]+".pub")+read(t, keys[1]+".pub"), 0o600)
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{
		"AuthenticationMethods publickey,publickey", "AuthorizedKeysFile " + authorized,
	}})
	if h.Implementation() != "openssh" {
		mustHaveInCI(t, "an OpenSSH server")
		return
	}
	for _, order := range [][]string{{keys[0], keys[1]}, {keys[1], keys[0]}, {keys[2], keys[0], keys[1]}, {keys[0], keys[2], keys[1]}} {
		holding(t, h, &identity.Keyring{Home: t.TempDir()}, order...).reaches(t)
	}
	// With one of them alone, the error says how far it came.
	holding(t, h, &identity.Keyring{Home: t.TempDir()}, keys[2], keys[0]).refusal(t, fault.Authenticate,
		"permission denied: publickey (ssh-ed25519 "+ssh.FingerprintSHA256(publicKey(t, keys[0]+".pub"))+") succeeded, and the server wants publickey as well")
}

// After a key, a host may want a password too.
func TestKeyAndThenAPassword(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"AuthenticationMethods publickey,password", "PasswordAuthentication yes"}})
	if h.Implementation() != "openssh" {
		mustHaveInCI(t, "an OpenSSH server")
		return
	}
	newOperator(t, h).refusal(t, fault.Authenticate, "publickey (ssh-ed25519 ", ") succeeded, and the server wants password as well", "--ask-pass")
}
