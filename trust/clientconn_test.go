package trust

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/fault"
)

// A write also returns the refusal, when the server has closed the connection after it.
func TestRefusalBehindAWrite(t *testing.T) {
	t.Parallel()
	now := time.Now()
	anna := issue(t, newAuthority(t), Operator, "anna", now, time.Hour)
	web := issue(t, newAuthority(t), Agent, "web-1", now, time.Hour)
	// The client trusts the agent's authority; the agent does not know the client's.
	anna.Authority = web.Authority

	a, b := pipe(t)
	client, server := tls.Client(a, NewHolder(anna).ClientConfig(web.Identity)), tls.Server(b, NewHolder(web).ServerConfig(false))
	refused := make(chan error, 1)
	go func() {
		err := server.Handshake()
		refused <- errors.Join(err, b.Close())
	}()
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-refused; err == nil || !strings.Contains(err.Error(), "unknown authority") {
		t.Fatalf("the agent says %v", err)
	}
	conn := &ClientConn{Conn: client}
	var err error
	for began := time.Now(); err == nil && time.Since(began) < time.Minute; time.Sleep(time.Millisecond) {
		_, err = conn.Write([]byte("x")) // the first write is answered with a reset
	}
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok || refusal.Err.Error() != "it refuses our certificate, which is of another authority" {
		t.Errorf("writing failed with %v", err)
	}
}
