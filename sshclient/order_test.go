package sshclient

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// homeWith is a home directory with these keys as usual files: by name, of a key that is elsewhere.
func homeWith(t *testing.T, keys map[string]string) (home string) {
	t.Helper()
	home = t.TempDir()
	for name, key := range keys {
		write(t, filepath.Join(home, ".ssh", name), read(t, key), 0o600)
	}
	return home
}

// A full ssh-agent does not use up the tries before the user's own key: an identity is there if NAME, NAME.pub or
// NAME-cert.pub is, and the agent's keys that are identities come before its others.
func TestUsualKeysOfAFullAgent(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"MaxAuthTries 2"}})
	full := sshAgent(t, append(strangers(t, 8), h.ClientKey)...)
	for name, keys := range map[string]map[string]string{
		"both halves":    {"id_ed25519": h.ClientKey, "id_ed25519.pub": h.ClientKey + ".pub"},
		"private half":   {"id_ed25519": h.ClientKey},
		"public half":    {"id_ed25519.pub": h.ClientKey + ".pub"},
		"another's name": {"id_rsa.pub": h.ClientKey + ".pub"},
	} {
		t.Run(name, func(t *testing.T) {
			o := holding(t, h, &identity.Keyring{Socket: full, Home: homeWith(t, keys)})
			o.reaches(t)
			o.host.IdentitiesOnly = true
			o.reaches(t)
		})
	}
	o := holding(t, h, &identity.Keyring{Socket: full, Home: t.TempDir()})
	o.refusal(t, fault.Authenticate, "allows fewer tries than were made", "IdentitiesOnly", "IdentityAgent")
}

// A certificate alone names the key of the ssh-agent that it is for.
func TestUsualCertificateOfAFullAgent(t *testing.T) {
	h, key := certifying(t)
	certificate := read(t, key+"-cert.pub")
	if err := os.Remove(key + "-cert.pub"); err != nil { // which ssh-add would add
		t.Fatal(err)
	}
	home := t.TempDir()
	write(t, filepath.Join(home, ".ssh", "id_ed25519-cert.pub"), certificate, 0o600)
	o := holding(t, h, &identity.Keyring{Socket: sshAgent(t, append(strangers(t, 8), key)...), Home: home})
	o.host.IdentitiesOnly = true
	o.reaches(t)
}

// The order is that of the ssh of this machine: the agent's keys that are identity files, its others, then files.
func TestOrderOfKeysIsThatOfSSH(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	client, err := exec.LookPath("ssh")
	if err != nil || h.Implementation() != "openssh" {
		mustHaveInCI(t, "OpenSSH")
		return
	}
	keys := strangers(t, 5)
	dir := t.TempDir()
	identities := []string{filepath.Join(dir, "first"), filepath.Join(dir, "second"), filepath.Join(dir, "third")}
	write(t, identities[0], read(t, keys[0]), 0o600) // a file alone
	write(t, identities[1]+".pub", read(t, keys[3]+".pub"), 0o600)
	write(t, identities[2], read(t, keys[4]), 0o600)
	socket := sshAgent(t, keys[1], keys[2], keys[3], keys[4])

	var want []string
	arguments := []string{"-v", "-F", "none", "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=" + h.KnownHosts, "-p", portOf(h), "-l", h.User}
	for _, identity := range identities {
		arguments = append(arguments, "-o", "IdentityFile="+identity) // -i passes over a public half alone
	}
	cmd := exec.CommandContext(t.Context(), client, append(arguments, "127.0.0.1", "true")...)
	cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
	out, _ := cmd.CombinedOutput() // it is refused
	for _, attempt := range regexp.MustCompile(`Will attempt key: .*(SHA256:\S+)`).FindAllSubmatch(out, -1) {
		want = append(want, string(attempt[1]))
	}
	if len(want) != len(keys) {
		t.Fatalf("ssh -v names %d keys, want %d:\n%s", len(want), len(keys), out)
	}

	// As usual files, which is how ssh has those that are named too.
	keyring := &identity.Keyring{Socket: socket, Home: t.TempDir()}
	t.Cleanup(func() { keyring.Close() })
	for i, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
		for _, suffix := range []string{"", ".pub"} {
			if text, err := os.ReadFile(identities[i] + suffix); err == nil {
				write(t, filepath.Join(keyring.Home, ".ssh", name+suffix), string(text), 0o600)
			}
		}
	}
	signers, problems := keyring.Signers(t.Context(), sshconfig.Settings{}, nil)
	var got []string
	for _, signer := range signers {
		got = append(got, ssh.FingerprintSHA256(signer.PublicKey()))
	}
	if !slices.Equal(got, want) || len(problems) > 0 {
		t.Errorf("offered %s\nssh has  %s\nproblems: %v", strings.Join(got, " "), strings.Join(want, " "), problems)
	}
}

func portOf(h *testhost.Host) string { return h.Addr()[strings.LastIndexByte(h.Addr(), ':')+1:] }
