package sshclient

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/tools/testhost"
)

// knowing is an operator whose known_hosts file has these lines.
func knowing(t *testing.T, h *testhost.Host, policy hostkeys.Policy, lines ...string) (*operator, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ssh", "known_hosts")
	if len(lines) > 0 {
		write(t, file, strings.Join(lines, "\n"), 0o600)
	}
	o := newOperator(t, h)
	o.HostKeys = hostKeys(t, file, policy)
	return o, file
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// otherKey is a key that no host has.
func otherKey(t *testing.T) ssh.PublicKey {
	t.Helper()
	key, err := testhost.WriteKey(filepath.Join(t.TempDir(), "key"), "")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestUnknownHost(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		o, file := knowing(t, h, hostkeys.Strict)
		o.refusal(t, fault.Handshake, "host key is not known: ssh-ed25519 "+h.HostKey, file, "--host-key accept-new")
		if _, err := os.Stat(file); err == nil {
			t.Error("a refused key was saved")
		}
		if h.Authentications() != 0 {
			t.Error("logged in at an unknown host")
		}
	})
}

func TestAcceptNew(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		first, file := knowing(t, h, hostkeys.AcceptNew)
		first.reaches(t)
		first.reaches(t)
		second := newOperator(t, h)
		second.HostKeys = hostKeys(t, file, hostkeys.AcceptNew)
		second.reaches(t)
		if want := h.KnownHostsLine(h.Addr()) + "\n"; read(t, file) != want {
			t.Errorf("known_hosts:\n%s\nwant:\n%s", read(t, file), want)
		}
		strict := newOperator(t, h)
		strict.HostKeys = hostKeys(t, file, hostkeys.Strict)
		strict.reaches(t)
	})
}

func TestAcceptNewFromManyHosts(t *testing.T) {
	fleet := testhost.NewHosts(t, 10, testhost.Options{})
	// A last line that somebody's editor left without an end.
	o, file := knowing(t, fleet.Hosts[0], hostkeys.AcceptNew, "# mine", knownhosts.Line([]string{"example.org"}, otherKey(t)))
	before := read(t, file)
	var all sync.WaitGroup
	for _, h := range fleet.Hosts {
		all.Go(func() {
			each := newOperator(t, h)
			each.HostKeys = o.HostKeys
			each.reaches(t)
		})
	}
	all.Wait()
	text := read(t, file)
	added, ok := strings.CutPrefix(text, before+"\n")
	if !ok || strings.Count(added, "\n") != 10 {
		t.Errorf("known_hosts:\n%s", text)
	}
	for _, h := range fleet.Hosts {
		if !strings.Contains(added, h.KnownHostsLine(h.Addr())+"\n") {
			t.Errorf("%s is missing in:\n%s", h.Name, text)
		}
	}
}

// Runs at the same moment are processes of their own, which share nothing but the file.
func TestAcceptNewByManyRuns(t *testing.T) {
	fleet := testhost.NewHosts(t, 8, testhost.Options{})
	file := filepath.Join(t.TempDir(), "known_hosts")
	var all sync.WaitGroup
	for _, h := range fleet.Hosts {
		o := newOperator(t, h)
		o.HostKeys = hostKeys(t, file, hostkeys.AcceptNew)
		all.Go(func() { o.reaches(t) })
	}
	all.Wait()
	if _, err := knownhosts.New(file); err != nil || strings.Count(read(t, file), "\n") != 8 {
		t.Errorf("%v, known_hosts:\n%s", err, read(t, file))
	}
}

func TestKeyThatCannotBeSaved(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	dir := filepath.Join(t.TempDir(), "ssh")
	o.HostKeys = hostKeys(t, filepath.Join(dir, "known_hosts"), hostkeys.AcceptNew)
	write(t, dir, "in the way", 0o600)
	o.refusal(t, fault.Handshake, "save the new host key", dir)
}

func TestChangedKey(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		old := otherKey(t)
		for _, policy := range []hostkeys.Policy{hostkeys.Strict, hostkeys.AcceptNew} {
			o, file := knowing(t, h, policy, "# a comment", knownhosts.Line([]string{knownhosts.Normalize(h.Addr())}, old))
			o.refusal(t, fault.Handshake, "host key has changed", ssh.FingerprintSHA256(old), h.HostKey, file+":2", "ssh-keygen -f "+file+" -R '[127.0.0.1]:")
		}
		if h.Authentications() != 0 {
			t.Error("logged in at a host with another key")
		}
	})
}

// A host that was known by a key of another kind, and has none of that kind any more, has changed.
func TestChangedKindOfKey(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	old := rsaKey(t, filepath.Join(t.TempDir(), "old"))
	for _, policy := range []hostkeys.Policy{hostkeys.Strict, hostkeys.AcceptNew} {
		o, file := knowing(t, h, policy, knownhosts.Line([]string{knownhosts.Normalize(h.Addr())}, old))
		o.refusal(t, fault.Handshake, "host key has changed", ssh.FingerprintSHA256(old), h.HostKey, file+":1")
	}
}

// rsaKey makes a key pair as ssh-keygen does.
func rsaKey(t *testing.T, file string) ssh.PublicKey {
	t.Helper()
	keygen(t, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", file)
	return publicKey(t, file+".pub")
}

func publicKey(t *testing.T, file string) ssh.PublicKey {
	t.Helper()
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(read(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func keygen(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v: %s", err, out)
	}
}

// A host with several keys presents the one that is known.
func TestKnownByOneOfItsKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rsa")
	known := rsaKey(t, file)
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"HostKey " + file}})
	o, _ := knowing(t, h, hostkeys.Strict, knownhosts.Line([]string{knownhosts.Normalize(h.Addr())}, known))
	o.reaches(t)
	// And by the other one, with the same server.
	o, _ = knowing(t, h, hostkeys.Strict, h.KnownHostsLine(h.Addr()))
	o.reaches(t)
}

func TestHashedName(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	host, key, _ := strings.Cut(h.KnownHostsLine(h.Addr()), " ")
	o, _ := knowing(t, h, hostkeys.Strict, knownhosts.HashHostname(host)+" "+key)
	o.reaches(t)
	old := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(otherKey(t))))
	o, file := knowing(t, h, hostkeys.AcceptNew, knownhosts.HashHostname(host)+" "+old)
	o.refusal(t, fault.Handshake, "host key has changed", file+":1")
}

// A key that is known without a port is good for each; another one there has not changed. So does ssh.
func TestPort(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	_, key, _ := strings.Cut(h.KnownHostsLine(h.Addr()), " ")
	o, _ := knowing(t, h, hostkeys.Strict, "127.0.0.1 "+key)
	o.reaches(t)
	o, _ = knowing(t, h, hostkeys.Strict, "127.0.0.* "+key)
	o.reaches(t)
	o, _ = knowing(t, h, hostkeys.Strict, "[127.0.0.1]:1 "+key)
	o.refusal(t, fault.Handshake, "host key is not known")
	o, _ = knowing(t, h, hostkeys.AcceptNew, knownhosts.Line([]string{"127.0.0.1"}, otherKey(t)))
	o.reaches(t)
}

func TestRevokedKey(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	line := h.KnownHostsLine(h.Addr())
	_, key, _ := strings.Cut(line, " ")
	for _, policy := range []hostkeys.Policy{hostkeys.Strict, hostkeys.AcceptNew} {
		o, file := knowing(t, h, policy, line, "@revoked * "+key)
		o.refusal(t, fault.Handshake, h.HostKey, "is revoked in "+file+":2")
	}
}

// certified is a host whose key an authority has signed.
func certified(t *testing.T) (h *testhost.Host, authority ssh.PublicKey) {
	t.Helper()
	dir := t.TempDir()
	keygen(t, "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, "ca"))
	keygen(t, "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, "host"))
	keygen(t, "-q", "-s", filepath.Join(dir, "ca"), "-I", "host", "-h", "-n", "127.0.0.1", filepath.Join(dir, "host.pub"))
	h = testhost.New(t, testhost.Options{ExtraConfig: []string{
		"HostKey " + filepath.Join(dir, "host"), "HostCertificate " + filepath.Join(dir, "host-cert.pub"),
	}})
	return h, publicKey(t, filepath.Join(dir, "ca.pub"))
}

func TestAuthority(t *testing.T) {
	h, authority := certified(t)
	_, key, _ := strings.Cut(knownhosts.Line([]string{"x"}, authority), " ")
	o, _ := knowing(t, h, hostkeys.Strict, "@cert-authority * "+key)
	o.reaches(t)

	o, _ = knowing(t, h, hostkeys.Strict, "@cert-authority *.example.org "+key)
	o.refusal(t, fault.Handshake, "host key is not known")

	_, other, _ := strings.Cut(knownhosts.Line([]string{"x"}, otherKey(t)), " ")
	o, _ = knowing(t, h, hostkeys.Strict, "@cert-authority * "+other)
	o.refusal(t, fault.Handshake, "host key")

	o, _ = knowing(t, h, hostkeys.Strict, "@cert-authority * "+key, "@revoked * "+key)
	o.refusal(t, fault.Handshake, "revoked")
}

// A line for the authority of other hosts says nothing about the key of this one.
func TestAuthorityOfOthers(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	_, other, _ := strings.Cut(knownhosts.Line([]string{"x"}, otherKey(t)), " ")
	o, _ := knowing(t, h, hostkeys.Strict, "@cert-authority * "+other)
	o.refusal(t, fault.Handshake, "host key is not known")
	o, _ = knowing(t, h, hostkeys.AcceptNew, "@cert-authority * "+other)
	o.reaches(t)
}

// The authority of a host's certificate need not be known: the host has a plain key too.
func TestUnknownAuthority(t *testing.T) {
	h, _ := certified(t)
	o, file := knowing(t, h, hostkeys.AcceptNew)
	o.reaches(t)
	if text := read(t, file); strings.Contains(text, "cert") {
		t.Errorf("known_hosts: %s", text)
	}
	o, _ = knowing(t, h, hostkeys.Strict, strings.TrimSpace(read(t, file)))
	o.reaches(t)
}

// Lines that can't be understood are left out, as ssh does, and named once.
func TestLinesThatAreNotKnownHosts(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o, file := knowing(t, h, hostkeys.Strict, "# fine", "example.org ssh-ed25519 "+rand.Text(), "@unheard-of * "+"x y", h.KnownHostsLine(h.Addr()))
	o.reaches(t)
	want := "lines that can't be understood are left out: " + file + ":2, " + file + ":3"
	if text := o.notices[0]; text != want {
		t.Errorf("notice %q, want %q", text, want)
	}
	before := len(o.notices)
	o.reaches(t)
	if len(o.notices) != before {
		t.Errorf("told again: %v", o.notices[before:])
	}
}

// Who wanted to be asked, and was not, is not told to ask.
func TestNobodyIsAsked(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.HostKeys = hostKeys(t, filepath.Join(t.TempDir(), "known_hosts"), hostkeys.Ask)
	o.refusal(t, fault.Handshake, "host key is not known", "nobody was asked", "--host-key ask on a terminal")
}
