package sshclient

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/tools/testhost"
)

// choosing is an operator whose hosts choose by their options.
func choosing(t *testing.T, h *testhost.Host, policy hostkeys.Policy) *operator {
	t.Helper()
	o := newOperator(t, h)
	o.HostKeys = hostkeys.Usual(t.TempDir(), policy)
	o.host.GlobalKnownHostsFiles = []string{}
	return o
}

func TestKnownHostsFilesOfAHost(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := choosing(t, h, "")
	o.refusal(t, fault.Handshake, "host key is not known", filepath.Join(".ssh", "known_hosts"))
	o.host.GlobalKnownHostsFiles = []string{"/nonexistent", h.KnownHosts}
	o.reaches(t)
	o.host.GlobalKnownHostsFiles = []string{}
	o.host.UserKnownHostsFiles = []string{"/nonexistent", h.KnownHosts}
	o.reaches(t)
	o.host.UserKnownHostsFiles = []string{}
	o.refusal(t, fault.Handshake, "host key is not known")
	// One that can't be read is left out, which a notice says, and the others hold.
	directory := t.TempDir()
	o.host.UserKnownHostsFiles = []string{directory}
	o.refusal(t, fault.Handshake, "host key is not known")
	o.host.UserKnownHostsFiles = []string{directory, h.KnownHosts}
	o.notices = nil
	o.reaches(t)
	if text := o.notices[0]; text != "known_hosts file is left out, as it can't be read: "+directory+": is a directory" {
		t.Errorf("notice: %q", text)
	}
}

func TestHostKeyAlias(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	_, key, _ := strings.Cut(h.KnownHostsLine(h.Addr()), " ")
	o, _ := knowing(t, h, hostkeys.Strict, "Fleet "+key)
	o.refusal(t, fault.Handshake, "host key is not known")
	o.host.HostKeyAlias = "fleet"
	o.reaches(t)
	o, file := knowing(t, h, hostkeys.AcceptNew)
	o.host.HostKeyAlias = "New"
	o.reaches(t)
	if want := "new " + key + "\n"; read(t, file) != want {
		t.Errorf("known_hosts: %q, want %q", read(t, file), want)
	}
}

// A certificate of a host that is known by an alias has to be one for the alias.
func TestAuthorityAndAlias(t *testing.T) {
	h, authority := certified(t)
	_, key, _ := strings.Cut(knownhosts.Line([]string{"x"}, authority), " ")
	o, _ := knowing(t, h, hostkeys.Strict, "@cert-authority * "+key)
	o.host.HostKeyAlias = "other"
	o.refusal(t, fault.Handshake, "host key is not known", "its certificate is of no use", "not for other")
	o.host.HostKeyAlias = "127.0.0.1"
	o.reaches(t)
}

func TestStrictHostKeyChecking(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	file := filepath.Join(t.TempDir(), "known_hosts")
	with := func(policy hostkeys.Policy, checking string) *operator {
		o := choosing(t, h, policy)
		o.host.StrictHostKeyChecking, o.host.UserKnownHostsFiles = checking, []string{file}
		return o
	}
	for _, checking := range []string{"", "yes", "ask", "unheard-of"} {
		with("", checking).refusal(t, fault.Handshake, "host key is not known")
	}
	// The command line goes first.
	with(hostkeys.Strict, "accept-new").refusal(t, fault.Handshake, "host key is not known")
	with("", "accept-new").reaches(t)
	with(hostkeys.Strict, "no").reaches(t)
}

func TestNoHostKeyChecking(t *testing.T) {
	h := testhost.New(t, testhost.Options{Password: "right"})
	file := filepath.Join(t.TempDir(), "known_hosts")
	o := choosing(t, h, "")
	o.host.StrictHostKeyChecking, o.host.UserKnownHostsFiles = "no", []string{file}
	o.reaches(t)
	o.reaches(t)
	if len(o.notices) == 0 || !strings.HasPrefix(o.notices[0], "StrictHostKeyChecking is no for "+h.Name) {
		t.Errorf("no warning: %v", o.notices)
	}
	if !strings.Contains(read(t, file), "ssh-ed25519") {
		t.Errorf("the key was not learned: %s", read(t, file))
	}

	// A key that has changed is accepted, but no password is sent there.
	old := knownhosts.Line([]string{knownhosts.Normalize(h.Addr())}, otherKey(t)) + "\n"
	write(t, file, old, 0o600)
	o = choosing(t, h, "")
	o.host.StrictHostKeyChecking, o.host.UserKnownHostsFiles = "off", []string{file}
	o.reaches(t)
	if len(o.notices) == 0 || !strings.Contains(o.notices[0], h.Name+" has changed") {
		t.Errorf("no warning: %v", o.notices)
	}
	if read(t, file) != old {
		t.Errorf("the key was learned: %s", read(t, file))
	}
	o.Password = secret.New("wrong")
	o.host.IdentityFiles = strangers(t, 1)
	o.refusal(t, fault.Authenticate, "permission denied")
	if h.WrongPasswords() != 0 {
		t.Error("a password was sent to a host with another key")
	}
}

// The keys of all hosts are found first, those behind an unknown jump host after that.
func TestScan(t *testing.T) {
	fleet, o := behind(t, 5, testhost.Options{}, "bastion")
	file := filepath.Join(t.TempDir(), "known_hosts")
	write(t, file, fleet.Hosts[3].KnownHostsLine(fleet.Hosts[3].Addr())+"\n", 0o600)
	o.HostKeys = hostKeys(t, file, hostkeys.Ask)
	hop := o.host.Jumps
	var targets []Host
	for _, h := range fleet.Hosts[1:] {
		target := o.host
		target.Name, target.Address, target.Jumps = h.Name, h.Addr(), nil
		targets = append(targets, target)
	}
	targets[0].Jumps = hop
	scan := o.NewScan(targets)
	rounds := [][]*testhost.Host{{fleet.Hosts[0], fleet.Hosts[2], fleet.Hosts[4]}, {fleet.Hosts[1]}, {}}
	for n, want := range rounds {
		keys, err := scan.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(keys) != len(want) {
			t.Fatalf("round %d found %v", n, keys)
		}
		for i, h := range want {
			if keys[i].Address != h.Addr() || keys[i].SHA256 != h.HostKey || keys[i].Type != ssh.KeyAlgoED25519 {
				t.Errorf("round %d found %v, want %s", n, keys[i], h.Name)
			}
		}
		for _, h := range fleet.Hosts[1:] {
			if h.Authentications() > 0 {
				t.Errorf("logged in at %s", h.Name)
			}
		}
		if err := scan.Learn(keys); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(read(t, file), "\n"); n != 5 {
		t.Errorf("known_hosts has %d lines", n)
	}
	for _, target := range targets {
		each := &operator{Dialer: o.Dialer, host: target}
		each.reaches(t)
	}
}

func TestScanOfHostsThatCannotBeReached(t *testing.T) {
	t.Parallel()
	silent, err := testhost.Silent()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	o := stranger(t, silent.Addr())
	o.Timeout = time.Second // nothing has to succeed before it
	o.HostKeys = hostKeys(t, filepath.Join(t.TempDir(), "known_hosts"), hostkeys.Ask)
	for range 2 {
		keys, err := o.NewScan([]Host{o.host}).Next(t.Context())
		if err != nil || len(keys) != 0 {
			t.Errorf("found %v, %v", keys, err)
		}
	}
}

// HashKnownHosts hides the names of what is learned.
func TestHashKnownHosts(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o, file := knowing(t, h, hostkeys.AcceptNew)
	o.host.HashKnownHosts = true
	o.reaches(t)
	if text := read(t, file); !strings.HasPrefix(text, "|1|") || strings.Contains(text, "127.0.0.1") {
		t.Errorf("known_hosts: %q", text)
	}
	// It is what the next run knows, and what ssh-keygen finds.
	o.HostKeys = hostKeys(t, file, hostkeys.Strict)
	o.reaches(t)
	keygen(t, "-F", "["+strings.Replace(h.Addr(), ":", "]:", 1), "-f", file)
}
