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

// Call is who calls a method.
type Call struct {
	// Identity is empty for a caller who needs none and shows none; on a local socket its role is Administrator.
	trust.Identity
	// Cert is the caller's certificate; nil: it has none.
	Cert *x509.Certificate
	// Address is where it comes from, host:port; "": from this machine.
	Address string
}

// String is the caller for people.
func (c Call) String() string { return nameOf(c.Identity) }

type callKey struct{}

// Caller is whom the guard has let in. Without a guard it is nobody, who has no role.
func Caller(ctx context.Context) Call {
	call, _ := ctx.Value(callKey{}).(Call)
	return call
}

var errPlain = errors.New("the connection is not encrypted")

const hintJoin = "join its master first, with `sloth-runner operator join` or `sloth-runner agent start --token`"

// identify says who calls. With an error, the call says whom the certificate names, believed or not.
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

// admit says who calls a method, or why he may not.
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
