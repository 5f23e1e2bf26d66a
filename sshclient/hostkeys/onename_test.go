package hostkeys

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// TestTwoHostsWithOneName: two hosts behind different proxies have one address and keys of their own. What was learned of
// one in this run binds the other only where new keys are accepted once.
func TestTwoHostsWithOneName(t *testing.T) {
	first := sshconfig.Host{Name: "web-a", Address: "10.0.0.5:22"}
	second := sshconfig.Host{Name: "web-b", Address: "10.0.0.5:22"}
	key, other := otherKey(t), otherKey(t)
	for policy, want := range map[string]string{
		"accept-new": "was learned as " + pubkey.Fingerprint(key) + " in this run, from web-a",
		"no":         "",
	} {
		keys := New([]string{t.TempDir() + "/known_hosts"}, "")
		first.StrictHostKeyChecking, second.StrictHostKeyChecking = policy, policy
		if _, err := keys.Check(first, key); err != nil {
			t.Fatal(err)
		}
		_, err := keys.Check(second, other)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", policy, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(fault.Hint(err), "web-a and web-b") || !strings.Contains(fault.Hint(err), "HostKeyAlias")):
			t.Errorf("%s: %v (hint: %s)", policy, err, fault.Hint(err))
		}
		second := second
		second.HostKeyAlias = "web-b"
		if _, err := keys.Check(second, other); err != nil {
			t.Errorf("%s, with an alias: %v", policy, err)
		}
	}
	// The same host that shows another key is no second host.
	keys := New([]string{t.TempDir() + "/known_hosts"}, AcceptNew)
	_, err := keys.Check(first, key)
	if err == nil {
		_, err = keys.Check(first, other)
	}
	if err == nil || strings.Contains(fault.Hint(err), "HostKeyAlias") {
		t.Errorf("a host that changes its key: %v (hint: %s)", err, fault.Hint(err))
	}
}

// TestCertificateNames: the names in a host's certificate are patterns, and one without names is for no host.
func TestCertificateNames(t *testing.T) {
	host := sshconfig.Host{Name: "web", Address: "Web-1.example.com:2222"}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"web-1.example.com"}, ""},
		{[]string{"db.example.com", "web-*.example.com"}, ""},
		{[]string{"web-?.example.com"}, ""},
		{[]string{"*.example.org", "example.com"}, `it is for ["*.example.org" "example.com"], not for`},
		{nil, "it names no host"},
	} {
		certificate := &ssh.Certificate{
			Key: otherKey(t), CertType: ssh.HostCert, ValidPrincipals: c.names, ValidBefore: uint64(time.Now().Add(time.Hour).Unix()),
		}
		_, err := principalOf(certificate, host)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v", c.names, err)
		}
	}
}
