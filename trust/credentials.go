package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// Credentials are what somebody shows, and by whom he knows others. They never change: renewed ones are new.
type Credentials struct {
	Identity
	Key       crypto.Signer
	Cert      *x509.Certificate
	Authority *x509.Certificate
	// Revocations are the latest that are known; nil: none.
	Revocations *Revocations
}

// Check reports whether the parts belong together and hold at now.
func (c *Credentials) Check(now time.Time) error {
	key, ok := c.Key.Public().(*ecdsa.PublicKey)
	if !ok || !key.Equal(c.Cert.PublicKey) {
		return errors.New("the certificate is not for the private key")
	}
	id, err := IdentityOf(c.Cert)
	if err != nil {
		return err
	}
	if id != c.Identity {
		return fmt.Errorf("the certificate is that of %s, and not of %s", id, c.Identity)
	}
	return verify(c.Cert, c.Authority, now)
}

// RenewAt is when to ask for a new certificate: after a third of the life of this one, so that a master may be away for
// the other two.
func (c *Credentials) RenewAt() time.Time {
	begin := c.Cert.NotBefore.Add(Skew)
	return begin.Add(c.Cert.NotAfter.Sub(begin) / 3)
}

// WithCertificate are the same with a new certificate for the same key, which may be for another name.
func (c *Credentials) WithCertificate(cert *x509.Certificate) *Credentials {
	renewed := *c
	renewed.Cert = cert
	if id, err := IdentityOf(cert); err == nil { // Check tells of the other case
		renewed.Identity = id
	}
	return &renewed
}

// WithRevocations are the same with another list, where that is newer.
func (c *Credentials) WithRevocations(r *Revocations) *Credentials {
	if !r.Newer(c.Revocations) {
		return c
	}
	updated := *c
	updated.Revocations = r
	return &updated
}

// shown is what goes over the wire. The authority goes with it for whoever knows only its pin.
func (c *Credentials) shown() *tls.Certificate {
	return &tls.Certificate{Certificate: [][]byte{c.Cert.Raw, c.Authority.Raw}, PrivateKey: c.Key, Leaf: c.Cert}
}

// verify reports whether cert is of the authority and holds at now.
func verify(cert, authority *x509.Certificate, now time.Time) error {
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	_, err := cert.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return invalid(err, cert, now)
	}
	return nil
}
