package trust

import (
	"crypto/x509"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestIdentityOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		uris []string
		want string
	}{
		{[]string{"sloth-runner://agent/web-1"}, "agent web-1"},
		{[]string{"sloth-runner://operator/anna.b_c"}, "operator anna.b_c"},
		{nil, ""},
		{[]string{"sloth-runner://agent/web-1", "sloth-runner://operator/anna"}, ""},
		{[]string{"https://agent/web-1"}, ""},
		{[]string{"sloth-runner://agent/"}, ""},
		{[]string{"sloth-runner://agent"}, ""},
		{[]string{"sloth-runner://root/web-1"}, ""},
		{[]string{"sloth-runner://administrator/web-1"}, ""},
		{[]string{"sloth-runner://agent/web-1/more"}, ""},
		{[]string{"sloth-runner://agent/../web-1"}, ""},
		{[]string{"sloth-runner://agent/web%2d1"}, ""},
		{[]string{"sloth-runner://agent/web-1?role=operator"}, ""},
		{[]string{"sloth-runner://agent/web-1#operator"}, ""},
		{[]string{"sloth-runner://anna@agent/web-1"}, ""},
		{[]string{"sloth-runner://agent:1/web-1"}, ""},
		{[]string{"sloth-runner://AGENT/web-1"}, ""},
	} {
		cert := &x509.Certificate{}
		for _, text := range c.uris {
			uri, err := url.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			cert.URIs = append(cert.URIs, uri)
		}
		id, err := IdentityOf(cert)
		if got := id.String(); c.want != "" && (err != nil || got != c.want) || c.want == "" && err == nil {
			t.Errorf("%v is %q (%v), want %q", c.uris, got, err, c.want)
		}
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"web-1": true, "a": true, "web.example.org": true, "A_b": true, strings.Repeat("a", 253): true,
		"": false, "-web": false, "web-": false, ".": false, "..": false, "a/b": false, "a b": false, "a\n": false, "wéb": false,
		strings.Repeat("a", 254): false, "*": false, "a:b": false,
	} {
		if err := CheckName(name); (err == nil) != good {
			t.Errorf("%q is a name: %v, want %t", name, err, good)
		}
	}
}

// An identity that is read from a certificate is one that the authority could have issued, for every certificate.
func FuzzIdentityOf(f *testing.F) {
	a := newAuthority(f)
	f.Add(issue(f, a, Agent, "web-1", time.Now(), time.Hour).Cert.Raw)
	f.Add(a.Certificate().Raw)
	f.Fuzz(func(t *testing.T, der []byte) {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		if id, err := IdentityOf(cert); err == nil && id.check() != nil {
			t.Errorf("read %q", id)
		}
	})
}
