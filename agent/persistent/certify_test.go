package persistent

import (
	"crypto"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"sloth-runner/agent"
	"sloth-runner/trust"
)

// An agent accepts another name only from its own authority, and only for its own key. An agent with a master accepts
// none.
func TestCertify(t *testing.T) {
	authority, other := newTestAuthority(t), newTestAuthority(t)
	key := newTestKey(t)
	name := func(name string) trust.Identity { return trust.Identity{Role: trust.Agent, Name: name} }
	c := &trust.Credentials{Identity: name("web-1"), Key: key, Authority: authority.Certificate()}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	before, err := authority.Issue(request, name("web-1"), trust.DefaultLife, time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	c = c.WithCertificate(before)
	p := &Agent{Service: new(agent.Service), Dir: t.TempDir(), Holder: trust.NewHolder(c), Tell: func(string) {}}
	for what, cert := range map[string][]byte{
		"another authority's": issueTest(t, other, key, name("www-1")).Raw,
		"another key's":       issueTest(t, authority, newTestKey(t), name("www-1")).Raw,
		"an operator's":       issueTest(t, authority, key, trust.Identity{Role: trust.Operator, Name: "www-1"}).Raw,
		"no certificate":      []byte("certificate"),
		"a large one":         make([]byte, maxCertificate+1),
	} {
		if _, err := p.certify(t.Context(), cert); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if got := p.Holder.Current().Name; got != "web-1" || CertifiedName(p.Dir) != "" {
		t.Fatalf("it is %s after refusals, and %q in its directory", got, CertifiedName(p.Dir))
	}
	request, err = p.certify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := authority.Issue(request, name("www-1"), trust.DefaultLife, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.certify(t.Context(), cert.Raw); err != nil {
		t.Fatal(err)
	}
	if got := p.Holder.Current().Name; got != "www-1" || CertifiedName(p.Dir) != "www-1" {
		t.Errorf("it is %s, and %q in its directory", got, CertifiedName(p.Dir))
	}
	// The earlier certificate is still valid, and would restore the agent's old name.
	if _, err := p.certify(t.Context(), before.Raw); err == nil || !strings.Contains(err.Error(), "before the one that the agent has") {
		t.Errorf("an older certificate: %v", err)
	}
	if got := p.Holder.Current().Name; got != "www-1" || CertifiedName(p.Dir) != "www-1" {
		t.Errorf("then it is %s, and %q in its directory", got, CertifiedName(p.Dir))
	}
	p.Config.Masters = []string{"master:50053"}
	if _, err := p.certify(t.Context(), cert.Raw); err == nil || !strings.Contains(err.Error(), "has a master") {
		t.Errorf("with a master: %v", err)
	}
}

func newTestAuthority(t *testing.T) *trust.Authority {
	t.Helper()
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func newTestKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func issueTest(t *testing.T, authority *trust.Authority, key crypto.Signer, id trust.Identity) *x509.Certificate {
	t.Helper()
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := authority.Issue(request, id, trust.DefaultLife, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return cert
}
