package authz_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"sloth-runner/proto"
	"sloth-runner/tools/authztest"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// waiting is a service whose streams wait for the caller's next message, or for the end of their context.
type waiting struct {
	proto.UnimplementedRegistryServer
	called chan authz.Call
	ended  chan error
}

func (w *waiting) Attach(stream grpc.BidiStreamingServer[proto.AgentReport, proto.MasterNote]) error {
	w.called <- authz.Caller(stream.Context())
	_, err := stream.Recv()
	w.ended <- context.Cause(stream.Context())
	return err
}

// begin returns a waiting stream of an agent with a valid certificate.
func begin(t *testing.T, life time.Duration) (*waiting, *trust.Authority, *trust.Holder, *trust.Credentials, grpc.BidiStreamingClient[proto.AgentReport, proto.MasterNote]) {
	t.Helper()
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	master := trust.NewHolder(authztest.Credentials(t, authority, trust.Identity{Role: trust.Master, Name: "m1"}, time.Now(), time.Hour))
	own := authztest.Credentials(t, authority, trust.Identity{Role: trust.Agent, Name: "web-1"}, time.Now(), life)
	g := &authz.Authorizer{Holder: master, Rules: authz.Rules{proto.Registry_Attach_FullMethodName: {trust.Agent}}}
	server := grpc.NewServer(append(g.ServerOptions(), grpc.Creds(credentials.NewTLS(master.ServerConfig(true))))...)
	service := &waiting{called: make(chan authz.Call, 1), ended: make(chan error, 1)}
	proto.RegisterRegistryServer(server, service)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	config := func() *tls.Config { return trust.NewHolder(own).ClientConfig(trust.Identity{Role: trust.Master}) }
	client, err := grpc.NewClient("passthrough:///"+listener.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(config())), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Stop()
		g.Wait()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	stream, err := proto.NewRegistryClient(client).Attach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return service, authority, master, own, stream
}

func TestRevocationEndsStreams(t *testing.T) {
	t.Parallel()
	service, authority, master, own, stream := begin(t, time.Hour)
	if call := <-service.called; call.String() != "agent web-1" || !call.Cert.Equal(own.Cert) || call.Address == "" {
		t.Errorf("called by %s from %q", call, call.Address)
	}
	// A list without the certificate ends no stream.
	for number, revoked := range [][]trust.Revoked{nil, {{Serial: own.Cert.SerialNumber, At: time.Now()}}} {
		select {
		case err := <-service.ended:
			t.Fatalf("ended before it was revoked: %v", err)
		default:
		}
		list, err := authority.Revoke(int64(number+1), revoked, nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		master.Revoke(list)
	}
	check(t, service, stream, "agent web-1 is refused: its certificate is revoked")
}

func TestExpiryEndsStreams(t *testing.T) {
	t.Parallel()
	service, _, _, _, stream := begin(t, 10*time.Second)
	check(t, service, stream, "agent web-1 is refused: its certificate has expired")
}

// check waits for the end of a stream, at the caller and in the handler.
func check(t *testing.T, service *waiting, stream grpc.BidiStreamingClient[proto.AgentReport, proto.MasterNote], want string) {
	t.Helper()
	_, err := stream.Recv()
	explained, ok := authz.FromStatus(err)
	if status.Code(err) != codes.Unauthenticated || !ok || !strings.Contains(explained.Error(), want) || explained.Hint == "" {
		t.Errorf("the caller heard %v, want %s", err, want)
	}
	if cause := <-service.ended; cause == nil || !strings.Contains(cause.Error(), want) {
		t.Errorf("the handler's context ended because of %v, want %s", cause, want)
	}
}
