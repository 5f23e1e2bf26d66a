package sshclient

import (
	"path/filepath"
	"testing"

	"sloth-runner/sshclient/identity"
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
			holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, locked).reaches(t)
			if n := p.asked.Load(); n != 2 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}
