package identity

import (
	"encoding/binary"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// A file that is no private key which can be read says its format, and what makes one of it.
func TestFormatsThatAreNotRead(t *testing.T) {
	dir := t.TempDir()
	rsa := filepath.Join(dir, "rsa")
	keygen(t, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa)
	locked := filepath.Join(dir, "locked")
	write(t, locked, read(t, rsa))
	keygen(t, "-q", "-p", "-a", "1", "-f", locked, "-P", "", "-N", "secret", "-m", "PKCS8")
	text := func(parts ...string) (out []byte) {
		for _, part := range parts {
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(part))), part...)
		}
		return out
	}
	private := append([]byte("samesame"), text("sk-ssh-ed25519@openssh.com", "public", "ssh:")...)
	token := append([]byte("openssh-key-v1\x00"), text("none", "none", "")...)
	token = append(append(token, 0, 0, 0, 1), text("public", string(private))...)
	for name, c := range map[string]struct {
		text  string
		words []string
	}{
		"putty":   {"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", []string{"PuTTY", "puttygen", "-O private-openssh"}},
		"ssh.com": {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", []string{"ssh.com", "ssh-keygen -i -f"}},
		"pkcs8":   {read(t, locked), []string{"has a passphrase", "hides the public key", "ssh-keygen -y -f", "ssh-add"}},
		"token": {string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: token})),
			[]string{"FIDO", "through the ssh-agent only", "ssh-add"}},
		"other": {"what?", []string{"is not a private key that can be read"}},
	} {
		file := filepath.Join(dir, name)
		write(t, file, c.text)
		err := readKey(t.Context(), file).err
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, word := range append(c.words, file) {
			if text := err.Error(); !strings.Contains(text, word) || strings.Contains(text, "\n") {
				t.Errorf("%s: %q lacks %q", name, text, word)
			}
		}
	}
}

// As in ssh_config, none is no file, and keeps the usual ones from being tried.
func TestIdentityFileNone(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := testhost.WriteKey(filepath.Join(home, ".ssh", "id_ed25519"), "usual"); err != nil {
		t.Fatal(err)
	}
	keys := &Keyring{Home: home}
	options := sshconfig.Settings{IdentityFiles: []string{"none"}, CertificateFiles: []string{"none"}}
	signers, problems := keys.Signers(t.Context(), options, nil)
	if len(signers) > 0 || len(problems) > 0 {
		t.Errorf("%d keys, problems %v; want neither", len(signers), problems)
	}
}

// An RSA key signs only in the ways that are left.
func TestPubkeyAcceptedAlgorithmsOfRSA(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rsa")
	keygen(t, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", file)
	signer, err := ssh.ParsePrivateKey([]byte(read(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string][]string{"rsa-sha2-512": {"rsa-sha2-512"}, "-rsa-sha2-512": {"rsa-sha2-256"}} {
		kept, problems, err := Accepted(sshconfig.Settings{PubkeyAcceptedAlgorithms: said}, []ssh.Signer{signer})
		if err != nil || len(problems) > 0 || len(kept) != 1 {
			t.Fatalf("%s: %v, %v, %v", said, kept, problems, err)
		}
		if got := kept[0].(ssh.MultiAlgorithmSigner).Algorithms(); !slices.Equal(got, want) {
			t.Errorf("%s: signs by %v, want %v", said, got, want)
		}
	}
}

func keygen(t *testing.T, arguments ...string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", arguments...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen %v: %v: %s", arguments, err, out)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
