package hostkeys

import (
	"crypto/ed25519"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/sshconfig"
)

func otherKey(t *testing.T) ssh.PublicKey {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestNames(t *testing.T) {
	key := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(otherKey(t))))
	for _, c := range []struct {
		names, host string
		want        bool
	}{
		{"Web-1,web-2", "web-1", true},
		{"web-*,!web-2", "web-2", false},
		{"!web-2,web-*", "web-2", false},
		{"!web-2,web-*", "web-3", true},
		{"[web-?]:2222", "[web-1]:2222", true},
		{"[web-?]:2222", "web-1", false},
		{knownhosts.HashHostname("web-1"), "web-1", true},
		{knownhosts.HashHostname("web-1"), "web-2", false},
		{"|1|not-base64|x", "web-1", false},
		{"|2|x", "web-1", false},
		{"||||", "web-1", false},
	} {
		line, ok := parseKnownLine([]byte(c.names + " " + key + " a comment"))
		if !ok || line.isAbout(c.host) != c.want {
			t.Errorf("%q is about %s: want %v (understood: %v)", c.names, c.host, c.want, ok)
		}
	}
}

// FuzzKnownHosts holds the reader to that of x/crypto/ssh: it accepts no key that the other refuses. The name has no
// letters, as the other one takes upper and lower case for different names.
func FuzzKnownHosts(f *testing.F) {
	key := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ"
	for _, seed := range []string{
		"", "# comment\n\n", "1,2 " + key, "* " + key + " comment", "@revoked * " + key, "@cert-authority *.example.org " + key,
		"@other * " + key, "[1]:2222 " + key, "!1,* " + key + "\r\n", "|1|c2FsdA==|aGFzaA== " + key, "1 ssh-rsa AAAA", ", " + key, "1",
	} {
		f.Add([]byte(seed))
	}
	parsed, _, _, _, err := ssh.ParseAuthorizedKey([]byte(key))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		k := &knownHosts{}
		k.add("file", text)
		of := k.about(sshconfig.Host{Name: "1", Address: "1:22"})
		file := filepath.Join(t.TempDir(), "known_hosts")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		check, err := knownhosts.New(file)
		if err != nil || len(k.skipped) > 0 {
			return
		}
		accepted := check("1:22", &net.TCPAddr{}, parsed) == nil
		if ours := has(of.revoked, parsed) == nil && has(of.keys, parsed) != nil; ours && !accepted {
			t.Errorf("accepted here only: %q", text)
		}
	})
}
