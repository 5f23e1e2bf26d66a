package entrance_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"sloth-runner/tools/authztest"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
	"sloth-runner/trust/entrance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testTimeout limits each wait, for a busy machine.
const testTimeout = time.Minute

// server is a gRPC server behind an entrance. Every caller may check its health, and operators may list.
type server struct {
	authority *trust.Authority
	holder    *trust.Holder
	entrance  *entrance.Entrance
	address   string
}

func serve(t *testing.T, limits entrance.Limits) *server {
	t.Helper()
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := &server{authority: authority, entrance: entrance.New(limits)}
	s.holder = trust.NewHolder(authztest.Credentials(t, authority, trust.Identity{Role: trust.Master, Name: "m1"}, time.Now(), time.Hour))
	g := &authz.Authorizer{Holder: s.holder, Entrance: s.entrance, Rules: authz.Rules{
		healthpb.Health_Check_FullMethodName: {authz.Anyone},
		healthpb.Health_List_FullMethodName:  {trust.Operator},
	}}
	options := append(g.ServerOptions(), grpc.Creds(s.entrance.Credentials(s.holder, true)),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Millisecond, PermitWithoutStream: true}))
	served := grpc.NewServer(options...)
	healthpb.RegisterHealthServer(served, health.NewServer())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	done := make(chan error, 1)
	go func() { done <- served.Serve(s.entrance.Listen(listener)) }()
	t.Cleanup(func() {
		served.Stop()
		g.Wait()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *server) operator(t *testing.T, name string) *trust.Credentials {
	t.Helper()
	return authztest.Credentials(t, s.authority, trust.Identity{Role: trust.Operator, Name: name}, time.Now(), time.Hour)
}

// dial connects with credentials, or without a certificate when they are nil.
func (s *server) dial(c *trust.Credentials) (*tls.Conn, error) {
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}
	if c != nil {
		shown := tls.Certificate{Certificate: [][]byte{c.Cert.Raw, c.Authority.Raw}, PrivateKey: c.Key}
		config.Certificates = []tls.Certificate{shown}
	}
	return tls.Dial("tcp", s.address, config)
}

func (s *server) client(t *testing.T, c *trust.Credentials) healthpb.HealthClient {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}
	if c != nil {
		config.Certificates = []tls.Certificate{{Certificate: [][]byte{c.Cert.Raw, c.Authority.Raw}, PrivateKey: c.Key}}
	}
	client, err := grpc.NewClient("passthrough:///"+s.address, grpc.WithTransportCredentials(credentials.NewTLS(config)), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return healthpb.NewHealthClient(client)
}

// list makes a call that operators may make.
func list(t *testing.T, client healthpb.HealthClient) error {
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	defer cancel()
	_, err := client.List(ctx, &healthpb.HealthListRequest{}, grpc.WaitForReady(true))
	return err
}

// ends waits until the other side has closed a connection.
func ends(conn net.Conn) error {
	_ = conn.SetReadDeadline(time.Now().Add(testTimeout))
	_, err := io.Copy(io.Discard, conn)
	if errors.Is(err, context.DeadlineExceeded) || err != nil && err.(net.Error).Timeout() {
		return err
	}
	return nil
}

// Silent connections take the places of each other, and not those of authenticated callers. They are closed by
// themselves.
func TestAuthenticatedCallersConnect(t *testing.T) {
	t.Parallel()
	s := serve(t, entrance.Limits{Unauthenticated: 8, Total: 12, Handshake: 3 * time.Second, IdleTimeout: 50 * time.Millisecond})
	anna := s.client(t, s.operator(t, "anna"))
	var silent []net.Conn
	for range 100 {
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		silent = append(silent, conn)
	}
	if err := list(t, anna); err != nil {
		t.Errorf("an operator, while others knock: %v", err)
	}
	for i, conn := range silent {
		if err := ends(conn); err != nil {
			t.Fatalf("connection %d is still there: %v", i, err)
		}
	}
	if n := s.entrance.Rejected(); n < 90 {
		t.Errorf("only %d were turned off", n)
	}
	if err := list(t, anna); err != nil {
		t.Errorf("the operator's connection has ended: %v", err)
	}
}

// A connection without a certificate is closed, also when it answers pings and makes calls.
func TestUnauthenticatedConnectionsEnd(t *testing.T) {
	t.Parallel()
	s := serve(t, entrance.Limits{Life: 300 * time.Millisecond})
	conn, err := s.dial(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The preface of HTTP/2 with empty settings, and then pings (RFC 9113, sections 3.4 and 6.7).
	if _, err := io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	pinging := make(chan struct{})
	go func() {
		defer close(pinging)
		for ctx.Err() == nil {
			if _, err := io.WriteString(conn, "\x00\x00\x08\x06\x00\x00\x00\x00\x0012345678"); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	if err := ends(conn); err != nil {
		t.Errorf("it is still there: %v", err)
	}
	cancel()
	<-pinging
	anna := s.client(t, s.operator(t, "anna"))
	if err := list(t, anna); err != nil {
		t.Fatal(err)
	}
	time.Sleep(600 * time.Millisecond)
	if n := s.entrance.Rejected(); n != 0 {
		t.Errorf("%d were turned off", n)
	}
	if err := list(t, anna); err != nil {
		t.Errorf("an operator's connection has ended: %v", err)
	}
}

// A revoked operator, and a caller without a certificate, are refused at a limited rate.
func TestRefusedCallersAreSlowedDown(t *testing.T) {
	t.Parallel()
	for _, caller := range []string{"revoked", "without a certificate"} {
		const attempts = 50
		s := serve(t, entrance.Limits{Attempts: attempts, AttemptsPerSecond: 1})
		c := s.operator(t, "eve")
		if caller != "revoked" {
			c = nil
		} else {
			revoked, err := s.authority.Revoke(1, []trust.Revoked{{Serial: c.Cert.SerialNumber, At: time.Now()}}, nil, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			s.holder.Revoke(revoked)
		}
		began, refused := time.Now(), 0
		for range 400 {
			client, err := grpc.NewClient("passthrough:///"+s.address, grpc.WithNoProxy(), grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{
				InsecureSkipVerify: true, NextProtos: []string{"h2"}, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					if c == nil {
						return &tls.Certificate{}, nil
					}
					return &tls.Certificate{Certificate: [][]byte{c.Cert.Raw}, PrivateKey: c.Key}, nil
				},
			})))
			if err != nil {
				t.Fatal(err)
			}
			_, err = healthpb.NewHealthClient(client).List(t.Context(), &healthpb.HealthListRequest{})
			if status.Code(err) == codes.Unauthenticated {
				refused++
			}
			client.Close()
		}
		if most := attempts + int(time.Since(began).Seconds()) + 1; refused == 0 || refused > most {
			t.Errorf("%s: %d calls were answered with a refusal, and not at most %d", caller, refused, most)
		}
	}
}

// Answered calls without a certificate, as those of joining agents and load balancers, don't count as failed attempts.
func TestAnsweredCallsAreNoFailures(t *testing.T) {
	t.Parallel()
	s := serve(t, entrance.Limits{Attempts: 5, AttemptsPerSecond: 1})
	for i := range 50 {
		client, err := grpc.NewClient("passthrough:///"+s.address, grpc.WithNoProxy(),
			grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := healthpb.NewHealthClient(client).Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
			t.Fatalf("check %d: %v", i, err)
		}
		client.Close()
	}
}

// One identity can't use all connections.
func TestConnectionsOfOneIdentity(t *testing.T) {
	t.Parallel()
	s := serve(t, entrance.Limits{PerIdentity: 3})
	eve := s.operator(t, "eve")
	open := 0
	for range 10 {
		conn, err := s.dial(eve)
		if err != nil {
			continue
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
		_ = conn.SetReadDeadline(time.Now().Add(testTimeout))
		if _, err := io.ReadFull(conn, make([]byte, 9)); err == nil {
			open++
		}
	}
	if open != 3 {
		t.Errorf("%d connections of one identity are open, want 3", open)
	}
	if err := list(t, s.client(t, s.operator(t, "anna"))); err != nil {
		t.Errorf("another operator: %v", err)
	}
}

// When many authenticated callers connect at once, they wait for each other, and none is rejected.
func TestManyComeAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, entrance.Limits{Unauthenticated: 4, Attempts: 5, AttemptsPerSecond: 1, IdleTimeout: time.Minute})
	var coming sync.WaitGroup
	for i := range 60 {
		coming.Go(func() {
			if err := list(t, s.client(t, s.operator(t, fmt.Sprintf("operator-%d", i)))); err != nil {
				t.Errorf("operator %d: %v", i, err)
			}
		})
	}
	coming.Wait()
	if n := s.entrance.Rejected(); n != 0 {
		t.Errorf("%d were turned off", n)
	}
}
