package authz

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"sloth-runner/internal/fault"
	"sloth-runner/trust"
)

// Call is the caller of a method.
type Call struct {
	// Identity is the zero value for a caller without a certificate. On a local socket its role is Administrator.
	trust.Identity
	// Cert is the caller's certificate, or nil.
	Cert *x509.Certificate
	// Address is the caller's address, host:port; "" is this machine.
	Address string
}

// String returns the caller for messages.
func (c Call) String() string { return nameOf(c.Identity) }

type callKey struct{}

// Caller returns the identity of the caller of a method. Without an Authorizer it is the zero value, which has no role.
func Caller(ctx context.Context) Call {
	call, _ := ctx.Value(callKey{}).(Call)
	return call
}

var errPlain = errors.New("the connection is not encrypted")

const hintJoin = "join its master first, with `sloth-runner operator join` or `sloth-runner agent start --token`"

// identify returns the caller. With an error, the identity is the one that the certificate claims.
func (g *Authorizer) identify(ctx context.Context) (Call, error) {
	if g.Local {
		return Call{Identity: trust.Identity{Role: Administrator}}, nil
	}
	from, ok := peer.FromContext(ctx)
	if !ok {
		return Call{}, errPlain
	}
	call := Call{Address: from.Addr.String()}
	info, ok := from.AuthInfo.(credentials.TLSInfo)
	if !ok {
		return call, errPlain
	}
	if len(info.State.PeerCertificates) == 0 {
		return call, nil
	}
	call.Cert = info.State.PeerCertificates[0]
	id, err := g.Holder.Peer(info.State)
	if err != nil {
		call.Identity, _ = trust.IdentityOf(call.Cert)
		return call, fmt.Errorf("%s is refused: %w", call, trust.Plain(err))
	}
	call.Identity = id
	return call, nil
}

// admit returns the caller of a method, or an error when the caller may not call it.
func (g *Authorizer) admit(ctx context.Context, method string) (Call, error) {
	call, err := g.identify(ctx)
	switch {
	case err != nil:
		return call, &fault.Error{Stage: fault.Authenticate, Err: err, Hint: fault.Hint(err)}
	case g.Rules.allow(method, call.Role):
		return call, nil
	case call.Role == "":
		return call, &fault.Error{
			Stage: fault.Authenticate, Hint: hintJoin,
			Err: fmt.Errorf("%s may not call %s: that takes %s", call, base(method), g.Rules.takes(method)),
		}
	}
	return call, &fault.Error{Err: g.Rules.forbid(call.Identity, method)}
}
