package sshclient

import (
	"encoding/binary"
	"encoding/pem"
	"path/filepath"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
)

// Keys with a passphrase log in, whatever their file's format.
func TestFormatsOfLockedKeys(t *testing.T) {
	rsa := filepath.Join(t.TempDir(), "rsa")
	rsaKey(t, rsa)
	for name, c := range map[string]struct {
		key     string
		options []string
	}{
		"aes128-ctr": {options: []string{"-Z", "aes128-ctr"}},
		"aes-gcm":    {options: []string{"-Z", "aes256-gcm@openssh.com"}},
		"chacha20":   {options: []string{"-Z", "chacha20-poly1305@openssh.com"}},
		"PKCS#8":     {rsa, []string{"-m", "PKCS8"}},
		"PEM":        {rsa, []string{"-m", "PEM"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := testhost.New(t, testhost.Options{ClientKey: c.key})
			locked := lock(t, h.ClientKey, "secret", c.options...)
			write(t, locked+".pub", read(t, h.ClientKey+".pub"), 0o644)
			p := &person{answers: []string{"wrong", "secret"}}
			holding(t, h, &Keyring{Home: t.TempDir(), Ask: p.ask}, locked).reaches(t)
			if n := p.asked.Load(); n != 2 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A file that is no private key which can be read says its format, and what makes one of it.
func TestFormatsThatAreNotRead(t *testing.T) {
	dir := t.TempDir()
	rsa := filepath.Join(dir, "rsa")
	rsaKey(t, rsa)
	text := func(parts ...string) (out []byte) {
		for _, part := range parts {
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(part))), part...)
		}
		return out
	}
	private := append([]byte("samesame"), text(securityKeyType, "public", "ssh:")...)
	token := append([]byte("openssh-key-v1\x00"), text("none", "none", "")...)
	token = append(append(token, 0, 0, 0, 1), text("public", string(private))...)
	for name, c := range map[string]struct {
		text  string
		words []string
	}{
		"putty":   {"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", []string{"PuTTY", "puttygen", "-O private-openssh"}},
		"ssh.com": {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", []string{"ssh.com", "ssh-keygen -i -f"}},
		"pkcs8":   {read(t, lock(t, rsa, "secret", "-m", "PKCS8")), []string{"has a passphrase", "hides the public key", "ssh-keygen -y -f", "ssh-add"}},
		"token": {string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: token})),
			[]string{"FIDO", "through the ssh-agent only", "ssh-add"}},
		"other": {"what?", []string{"is not a private key that can be read"}},
	} {
		file := filepath.Join(dir, name)
		write(t, file, c.text, 0o600)
		err := readKey(t.Context(), file).err
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		mustFail(t, &fault.Error{Err: err}, 0, append(c.words, file)...)
	}
}
