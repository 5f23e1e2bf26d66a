package trust

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

// connect makes a handshake and sends one byte, because the server's verdict arrives after the handshake. It returns
// the error of each side.
func connect(t *testing.T, clientConfig, serverConfig *tls.Config) (clientErr, serverErr error) {
	t.Helper()
	a, b := pipe(t)
	client, server := tls.Client(a, clientConfig), tls.Server(b, serverConfig)
	served := make(chan error, 1)
	go func() {
		err := server.Handshake()
		if err == nil {
			_, err = server.Write([]byte{1})
		}
		served <- err
	}()
	clientErr = client.Handshake()
	if clientErr == nil {
		_, clientErr = client.Read(make([]byte, 1))
	} else {
		a.Close()
	}
	return clientErr, <-served
}

// Each side says why it refuses the other.
func TestTLS(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, foreign := newAuthority(t), newAuthority(t)
	anna := issue(t, a, Operator, "anna", now, time.Hour)
	web := issue(t, a, Agent, "web-1", now, time.Hour)
	list, err := a.Revoke(1, []Revoked{{Serial: web.Cert.SerialNumber, At: now}}, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what           string
		client, server *Credentials
		want           Identity
		says           string // "": it connects
	}{
		{"as it should be", anna, web, Identity{Agent, "web-1"}, ""},
		{"any agent", anna, web, Identity{Role: Agent}, ""},
		{"wrong name", anna, web, Identity{Agent, "web-2"}, "it is agent web-1, and not agent web-2"},
		{"wrong role", anna, web, Identity{Role: Master}, "it is agent web-1, and no master"},
		{"other authority", anna, issue(t, foreign, Agent, "web-1", now, time.Hour), Identity{Agent, "web-1"}, "its certificate is of another authority"},
		{"expired", anna, issue(t, a, Agent, "web-1", now.Add(-2*time.Hour), time.Hour), Identity{Agent, "web-1"}, "its certificate has expired on"},
		{"not yet valid", anna, issue(t, a, Agent, "web-1", now.Add(time.Hour), time.Hour), Identity{Agent, "web-1"}, "its certificate is not valid yet before"},
		{"revoked", anna.WithRevocations(list), web, Identity{Agent, "web-1"}, "its certificate is revoked"},
		{"an operator as server", anna, issue(t, a, Operator, "eve", now, time.Hour), Identity{Agent, "web-1"}, "it is operator eve, and no agent"},
		{"client of another authority", issue(t, foreign, Operator, "anna", now, time.Hour), web, Identity{Agent, "web-1"}, "its certificate is of another authority"},
	} {
		err, _ := connect(t, NewHolder(c.client).ClientConfig(c.want), NewHolder(c.server).ServerConfig(false))
		if got := explained(t, err); c.says == "" && err != nil || !strings.Contains(got, c.says) {
			t.Errorf("%s: %s, want %s", c.what, got, c.says)
		}
	}
}

// A server's refusal in the handshake reaches the client later; see RFC 8446, section 2.
func TestTLSRefusesCallers(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, foreign := newAuthority(t), newAuthority(t)
	server := NewHolder(issue(t, a, Master, "m1", now, time.Hour))
	lenient := &tls.Config{InsecureSkipVerify: true, NextProtos: protocols}
	with := func(c *Credentials) *tls.Config {
		config := lenient.Clone()
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.shown(), nil }
		return config
	}
	old := lenient.Clone()
	old.MaxVersion = tls.VersionTLS12
	for what, c := range map[string]struct {
		client   *tls.Config
		optional bool
		says     string
	}{
		"no certificate":       {lenient, false, "it wants a certificate and we have none"},
		"none where none need": {lenient, true, "connected"},
		"expired":              {with(issue(t, a, Operator, "anna", now.Add(-2*time.Hour), time.Hour)), true, "it refuses our certificate"},
		"foreign":              {with(issue(t, foreign, Operator, "anna", now, time.Hour)), true, "it refuses our certificate, which is of another authority"},
		"TLS 1.2":              {old, true, "it refuses TLS 1.3"},
	} {
		err, _ := connect(t, c.client, server.ServerConfig(c.optional))
		if got := explained(t, err); !strings.Contains(got, c.says) {
			t.Errorf("%s: %s, want %s", what, got, c.says)
		}
	}
}

func TestPlaintext(t *testing.T) {
	t.Parallel()
	client, server := pipe(t)
	if _, err := server.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	anna := NewHolder(issue(t, newAuthority(t), Operator, "anna", time.Now(), time.Hour))
	err := tls.Client(client, anna.ClientConfig(Identity{Role: Agent})).Handshake()
	if got := explained(t, err); got != "it does not speak TLS" {
		t.Error(got)
	}
}

// With a token a client recognizes the master that made it, and no other.
func TestJoining(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, foreign := newAuthority(t), newAuthority(t)
	for what, c := range map[string]struct {
		server *Credentials
		says   string
	}{
		"its master":        {issue(t, a, Master, "m1", now, time.Hour), "connected"},
		"another authority": {issue(t, foreign, Master, "m1", now, time.Hour), "it is not of the authority that the token names"},
		"an agent":          {issue(t, a, Agent, "web-1", now, time.Hour), "it is agent web-1, and no master"},
		"expired":           {issue(t, a, Master, "m1", now.Add(-2*time.Hour), time.Hour), "its certificate has expired"},
	} {
		var seen *x509.Certificate
		config := NewToken(a.Certificate()).JoiningConfig(func(authority *x509.Certificate) { seen = authority })
		err, _ := connect(t, config, NewHolder(c.server).ServerConfig(true))
		if got := explained(t, err); !strings.Contains(got, c.says) {
			t.Errorf("%s: %s, want %s", what, got, c.says)
		}
		if (seen != nil) != (err == nil) || seen != nil && !seen.Equal(a.Certificate()) {
			t.Errorf("%s: the authority was told: %v", what, seen)
		}
	}
}
