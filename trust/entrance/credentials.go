package entrance

import (
	"errors"
	"net"

	"google.golang.org/grpc/credentials"

	"sloth-runner/trust"
)

// Credentials returns the transport credentials of a gRPC server. They report authenticated peers to the entrance. With
// optional, callers need no certificate and stay unauthenticated; see trust.Holder.ServerConfig.
func (e *Entrance) Credentials(holder *trust.Holder, optional bool) credentials.TransportCredentials {
	return &transport{credentials.NewTLS(holder.ServerConfig(optional)), e, holder}
}

type transport struct {
	credentials.TransportCredentials
	entrance *Entrance
	holder   *trust.Holder
}

// Clone implements credentials.TransportCredentials.
func (t *transport) Clone() credentials.TransportCredentials {
	return &transport{t.TransportCredentials.Clone(), t.entrance, t.holder}
}

var errTooMany = errors.New("this caller has too many connections")

// ServerHandshake makes the TLS handshake and assigns the connection to the identity of a valid certificate. gRPC
// closes the connection on an error.
func (t *transport) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secured, info, err := t.TransportCredentials.ServerHandshake(raw)
	if err != nil {
		return nil, nil, err
	}
	c, counted := raw.(*conn)
	shown, isTLS := info.(credentials.TLSInfo)
	if !counted || !isTLS {
		return secured, info, nil
	}
	id, err := t.holder.Peer(shown.State)
	if err != nil {
		// There is no certificate, or it is revoked. The authorization decides on each call.
		t.entrance.extend(c)
		return secured, info, nil
	}
	if !t.entrance.admitIdentity(c, id.String()) {
		return nil, nil, errTooMany
	}
	return secured, info, nil
}
