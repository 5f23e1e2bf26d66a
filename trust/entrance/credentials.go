package entrance

import (
	"errors"
	"net"

	"google.golang.org/grpc/credentials"

	"sloth-runner/trust"
)

// Credentials returns the holder's for a gRPC server, which tell the entrance who belongs. With optional, callers without a
// certificate stay strangers; see trust.Holder.ServerConfig.
func (e *Entrance) Credentials(holder *trust.Holder, optional bool) credentials.TransportCredentials {
	return &transport{credentials.NewTLS(holder.ServerConfig(optional)), e, holder}
}

type transport struct {
	credentials.TransportCredentials
	entrance *Entrance
	holder   *trust.Holder
}

// Clone is part of the interface.
func (t *transport) Clone() credentials.TransportCredentials {
	return &transport{t.TransportCredentials.Clone(), t.entrance, t.holder}
}

var errTooMany = errors.New("this caller has as many connections as it may have")

// ServerHandshake makes TLS of a connection, and a member of a caller whose certificate holds. gRPC closes the connection when
// it fails.
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
		// It has no certificate, or one that is revoked: what it may do is the guard's to say.
		t.entrance.extend(c)
		return secured, info, nil
	}
	if !t.entrance.admitIdentity(c, id.String()) {
		return nil, nil, errTooMany
	}
	return secured, info, nil
}
