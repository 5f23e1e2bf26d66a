package trust

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"time"

	"sloth-runner/internal/fault"
)

// protocols are what gRPC negotiates (RFC 9113, section 3.2).
var protocols = []string{"h2"}

// ServerConfig is how a holder takes connections. Whoever connects has to show a certificate of the same authority that
// has not expired; with optional, he may show none. Who he is and if he is revoked, the service asks with Peer, since it
// can say more than TLS.
func (h *Holder) ServerConfig(optional bool) *tls.Config {
	auth := tls.RequireAndVerifyClientCert
	if optional {
		auth = tls.VerifyClientCertIfGiven
	}
	clients := x509.NewCertPool()
	clients.AddCert(h.Current().Authority)
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: protocols, ClientAuth: auth, ClientCAs: clients,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return h.Current().shown(), nil },
		// A session that is resumed would not be checked again.
		SessionTicketsDisabled: true,
		Time:                   h.now,
	}
}

// ClientConfig is how a holder connects to somebody. An empty name stands for anybody with the role.
func (h *Holder) ClientConfig(want Identity) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: protocols,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return h.Current().shown(), nil },
		// Names of hosts mean nothing here: VerifyConnection checks who it is.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			found, err := h.Peer(state)
			if err != nil {
				return err
			}
			return found.is(want)
		},
	}
}

// Peer says who is at the other end of a connection, by a certificate that holds now.
func (h *Holder) Peer(state tls.ConnectionState) (Identity, error) {
	if len(state.PeerCertificates) == 0 {
		return Identity{}, errNoCertificate
	}
	c, cert := h.Current(), state.PeerCertificates[0]
	if err := verify(cert, c.Authority, h.now()); err != nil {
		return Identity{}, err
	}
	if c.Revocations.Covers(cert) {
		return Identity{}, &fault.Error{Err: errRevoked, Hint: hintRevoked}
	}
	return IdentityOf(cert)
}

// JoiningConfig is how the holder of a token connects to the master. authority is called with what is behind the pin.
func (t Token) JoiningConfig(authority func(*x509.Certificate)) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: protocols,
		InsecureSkipVerify: true, // the pin is stronger
		VerifyConnection: func(state tls.ConnectionState) error {
			root := slices.IndexFunc(state.PeerCertificates, t.IsFor)
			if root < 0 {
				return &fault.Error{Err: errPin, Hint: "the token is for another master than the one at this address"}
			}
			cert := state.PeerCertificates[0]
			if err := verify(cert, state.PeerCertificates[root], time.Now()); err != nil {
				return err
			}
			found, err := IdentityOf(cert)
			if err != nil {
				return err
			}
			if err := found.is(Identity{Role: Master}); err != nil {
				return err
			}
			authority(state.PeerCertificates[root])
			return nil
		},
	}
}
