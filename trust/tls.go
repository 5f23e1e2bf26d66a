package trust

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"time"

	"sloth-runner/internal/fault"
)

// protocols are the protocols that gRPC negotiates (RFC 9113, section 3.2).
var protocols = []string{"h2"}

// ServerConfig returns the configuration of a server. A client has to show a valid certificate of the same authority;
// with optional, it may show none. The service checks the identity and the revocations with Peer, because it can return
// better errors than TLS.
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
		// A resumed session would not be checked again.
		SessionTicketsDisabled: true,
		Time:                   h.now,
	}
}

// ClientConfig returns the configuration of a client that connects to want. An empty name stands for every identity
// with the role.
func (h *Holder) ClientConfig(want Identity) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: protocols,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return h.Current().shown(), nil },
		// Host names are not checked. VerifyConnection checks the identity.
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

// Peer returns the identity of the other end of a connection, if its certificate is valid now.
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

// JoiningConfig returns the configuration with which the holder of a token connects to the master. It calls authority
// with the certificate that matches the pin.
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
