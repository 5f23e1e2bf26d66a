package trust

import (
	"errors"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newAuthority(t testing.TB) *Authority {
	t.Helper()
	a, err := NewAuthority(time.Now().Add(-24 * time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// issue makes credentials that are valid from begin.
func issue(t testing.TB, a *Authority, role Role, name string, begin time.Time, life time.Duration) *Credentials {
	t.Helper()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := Request(key)
	if err != nil {
		t.Fatal(err)
	}
	id := Identity{Role: role, Name: name}
	cert, err := a.Issue(request, id, life, begin)
	if err != nil {
		t.Fatal(err)
	}
	return &Credentials{Identity: id, Key: key, Cert: cert, Authority: a.Certificate()}
}

// pipe returns a connection on loopback. With net.Pipe, TLS blocks on the alert of the end that closes first.
func pipe(t *testing.T) (client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	return client, server
}

// explained fails where a person would not know what to do.
func explained(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return "connected"
	}
	plain := Plain(err)
	if plain.Error() == err.Error() && !errors.As(err, new(*fault.Error)) {
		t.Errorf("nobody explains %v", err)
	}
	return plain.Error()
}
