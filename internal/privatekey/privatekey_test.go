package privatekey

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sloth-runner/tools/testneeds"
)

// tool runs a program that makes keys.
func tool(t *testing.T, name string, arguments ...string) {
	t.Helper()
	name = testneeds.Program(t, name, "openssh-client openssl")
	if out, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, arguments, err, out)
	}
}

func block(t *testing.T, file, kind string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := pem.Decode(text)
	if b == nil || b.Type != kind {
		t.Fatalf("%s has no block of %s:\n%s", file, kind, text)
	}
	return b.Bytes
}

// All ciphers of ssh-keygen are supported: the result is what ssh-keygen writes without a passphrase.
func TestOpenSSH(t *testing.T) {
	for _, cipher := range []string{
		"aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc",
		"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com",
	} {
		t.Run(cipher, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "key")
			tool(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-a", "3", "-Z", cipher, "-C", "me", "-f", file)
			data := block(t, file, OpenSSHType)
			if _, err := OpenOpenSSH(data, []byte("wrong")); !errors.Is(err, x509.IncorrectPasswordError) {
				t.Errorf("a wrong passphrase: %v", err)
			}
			got, err := OpenOpenSSH(data, []byte("secret"))
			if err != nil {
				t.Fatal(err)
			}
			tool(t, "ssh-keygen", "-q", "-p", "-P", "secret", "-N", "", "-f", file)
			want := block(t, file, OpenSSHType)
			// The check numbers are random, and the padding depends on the cipher.
			const checks = 8
			at := bytes.LastIndex(want, []byte("\x00\x00\x00\x0bssh-ed25519")) - checks
			mine := bytes.LastIndex(got, []byte("\x00\x00\x00\x0bssh-ed25519")) - checks
			end := bytes.LastIndex(want, []byte("\x00\x00\x00\x02me")) + 6
			if at < 0 || mine < 0 || !bytes.HasPrefix(got[mine+checks:], want[at+checks:end]) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// Keys that OpenSSL writes are supported.
func TestPKCS8(t *testing.T) {
	for name, how := range map[string][]string{
		"by itself":   nil,
		"aes128":      {"-v2", "aes-128-cbc"},
		"aes192":      {"-v2", "aes-192-cbc"},
		"3des":        {"-v2", "des3"},
		"sha1":        {"-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"},
		"sha512":      {"-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"},
		"scrypt":      {"-scrypt"},
		"many rounds": {"-iter", "100000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := filepath.Join(t.TempDir(), "plain")
			tool(t, "openssl", "genpkey", "-algorithm", "ed25519", "-out", plain)
			locked := plain + ".locked"
			tool(t, "openssl", append([]string{"pkcs8", "-topk8", "-in", plain, "-out", locked, "-passout", "pass:secret"}, how...)...)
			der := block(t, locked, PKCS8Type)
			want, err := x509.ParsePKCS8PrivateKey(block(t, plain, "PRIVATE KEY"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := OpenPKCS8(der, []byte("secret"))
			if err != nil {
				t.Fatal(err)
			}
			if !want.(ed25519.PrivateKey).Equal(got) {
				t.Error("another key")
			}
			for _, wrong := range []string{"", "wrong", "secret2", "x", "y", "z"} {
				if _, err := OpenPKCS8(der, []byte(wrong)); !errors.Is(err, x509.IncorrectPasswordError) {
					t.Errorf("passphrase %q: %v", wrong, err)
				}
			}
		})
	}
}

// The error for an unsupported form says so.
func TestPKCS8OfAnotherForm(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	tool(t, "openssl", "genpkey", "-algorithm", "ed25519", "-out", plain)
	tool(t, "openssl", "pkcs8", "-topk8", "-in", plain, "-out", plain+".old", "-passout", "pass:secret", "-v1", "PBE-SHA1-3DES")
	if _, err := OpenPKCS8(block(t, plain+".old", PKCS8Type), []byte("secret")); err == nil || err.Error() != "PKCS#8 in a form that is not supported; PBES2 is" {
		t.Errorf("%v", err)
	}
}

// Damaged files give errors.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(magic + "\x00\x00\x00\x0aaes128-ctr\x00\x00\x00\x06bcrypt\x00\x00\x00\x09\x00\x00\x00\x01s\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x08aaaaaaaa"))
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := OpenPKCS8(data, []byte("x")); err == nil {
			t.Error("a key without a passphrase")
		}
		_, _ = OpenOpenSSH(data, []byte("x"))
	})
}
