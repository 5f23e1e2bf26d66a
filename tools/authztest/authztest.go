// Package authztest calls every method of a service with authorization as every kind of caller, and checks who is let
// in.
package authztest

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// Callers are all kinds of callers: without a certificate, without TLS, with a certificate of another authority, with
// an expired one, with a revoked one, one of each role, and through the local socket.
const Callers = "none plaintext foreign expired revoked reader operator agent master administrator"

// Table calls all methods of the services that register registers, with empty implementations. want lists for each
// method the Callers that may call it. Every method must be in it.
func Table(t *testing.T, rules authz.Rules, register func(grpc.ServiceRegistrar), want map[string]string) {
	fleet := newFleet(t)
	remote := fleet.serve(t, &authz.Authorizer{Rules: rules, Holder: fleet.master}, register, credentials.NewTLS(fleet.master.ServerConfig(true)))
	local := fleet.serve(t, &authz.Authorizer{Rules: rules, Local: true}, register, insecure.NewCredentials())
	for service, info := range remote.server.GetServiceInfo() {
		for _, method := range info.Methods {
			if full := "/" + service + "/" + method.Name; want[full] == "" {
				t.Errorf("want has no entry for %s", full)
			} else if len(rules[full]) == 0 {
				t.Errorf("%s has no rule", full)
			}
		}
	}
	for caller := range strings.FieldsSeq(Callers) {
		address := remote.address
		if caller == "administrator" {
			address = local.address
		}
		client, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(fleet.shows(t, caller)), grpc.WithNoProxy())
		if err != nil {
			t.Fatal(err)
		}
		for method, callers := range want {
			err := call(t, client, method)
			may := slices.Contains(strings.Fields(callers), caller)
			if got := status.Code(err) == codes.Unimplemented; got != may {
				t.Errorf("%s calls %s: let in: %t, want %t (%v)", caller, method, got, may, err)
			}
			if !may && status.Code(err) == codes.PermissionDenied && !strings.Contains(err.Error(), "may not call") {
				t.Errorf("%s calls %s: %v does not say who may", caller, method, err)
			}
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
}

// call calls a method with an empty message as a stream, which is the same on the wire.
func call(t *testing.T, client *grpc.ClientConn, method string) error {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stream, err := client.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return err
	}
	// The error of receiving says why sending failed.
	_ = stream.SendMsg(&emptypb.Empty{})
	_ = stream.CloseSend()
	return stream.RecvMsg(&emptypb.Empty{})
}

// fleet is an authority, a master that accepts its certificates, and another authority.
type fleet struct {
	authority, foreign *trust.Authority
	master             *trust.Holder
	revoked            *trust.Credentials
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{}
	for _, authority := range []**trust.Authority{&f.authority, &f.foreign} {
		made, err := trust.NewAuthority(time.Now().Add(-24 * time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		*authority = made
	}
	f.revoked = Credentials(t, f.authority, trust.Identity{Role: trust.Operator, Name: "revoked"}, time.Now(), time.Hour)
	f.master = trust.NewHolder(Credentials(t, f.authority, trust.Identity{Role: trust.Master, Name: "m1"}, time.Now(), time.Hour))
	list, err := f.authority.Revoke(1, []trust.Revoked{{Serial: f.revoked.Cert.SerialNumber, At: time.Now()}}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f.master.Revoke(list)
	return f
}

// Credentials makes credentials that are valid from begin.
func Credentials(t *testing.T, authority *trust.Authority, id trust.Identity, begin time.Time, life time.Duration) *trust.Credentials {
	t.Helper()
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := authority.Issue(request, id, life, begin)
	if err != nil {
		t.Fatal(err)
	}
	return &trust.Credentials{Identity: id, Key: key, Cert: cert, Authority: authority.Certificate()}
}

// shows returns the credentials of a caller that accepts every server. The server has to refuse the caller.
func (f *fleet) shows(t *testing.T, caller string) credentials.TransportCredentials {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}
	now, anna := time.Now(), trust.Identity{Role: trust.Operator, Name: "anna"}
	var c *trust.Credentials
	switch caller {
	case "plaintext", "administrator":
		return insecure.NewCredentials()
	case "none":
		return credentials.NewTLS(config)
	case "foreign":
		c = Credentials(t, f.foreign, anna, now, time.Hour)
	case "expired":
		c = Credentials(t, f.authority, anna, now.Add(-2*time.Hour), time.Hour)
	case "revoked":
		c = f.revoked
	default:
		c = Credentials(t, f.authority, trust.Identity{Role: trust.Role(caller), Name: "anna"}, now, time.Hour)
	}
	shown := tls.Certificate{Certificate: [][]byte{c.Cert.Raw, c.Authority.Raw}, PrivateKey: c.Key}
	// Not Certificates: Go would not send certificates that the server does not ask for.
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &shown, nil }
	return credentials.NewTLS(config)
}

type served struct {
	server  *grpc.Server
	address string
}

func (f *fleet) serve(t *testing.T, g *authz.Authorizer, register func(grpc.ServiceRegistrar), creds credentials.TransportCredentials) served {
	t.Helper()
	server := grpc.NewServer(append(g.ServerOptions(), grpc.Creds(creds))...)
	register(server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		g.Wait()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return served{server, listener.Addr().String()}
}
