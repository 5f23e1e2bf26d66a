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

// Credentials are the certificate and key of one identity, and the authority and revocations by which it checks others.
// They are immutable: renewing returns new ones.
type Credentials struct {
	Identity
	Key       crypto.Signer
	Cert      *x509.Certificate
	Authority *x509.Certificate
	// Revocations is the latest list that is known; nil means none.
	Revocations *Revocations
}

// Check reports whether the parts belong together and are valid at now.
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

// RenewAt returns when to ask for a new certificate: after a third of this one's life. The master may be unavailable
// for the other two thirds.
func (c *Credentials) RenewAt() time.Time {
	begin := c.Cert.NotBefore.Add(Skew)
	return begin.Add(c.Cert.NotAfter.Sub(begin) / 3)
}

// WithCertificate returns credentials with a new certificate for the same key. It may be for another name.
func (c *Credentials) WithCertificate(cert *x509.Certificate) *Credentials {
	renewed := *c
	renewed.Cert = cert
	if id, err := IdentityOf(cert); err == nil { // Check reports the error
		renewed.Identity = id
	}
	return &renewed
}

// WithRevocations returns credentials with the newer of the two lists.
func (c *Credentials) WithRevocations(r *Revocations) *Credentials {
	if !r.Newer(c.Revocations) {
		return c
	}
	updated := *c
	updated.Revocations = r
	return &updated
}

// shown returns the certificates that are sent to the peer. They include the authority's, for a peer that has only its
// pin.
func (c *Credentials) shown() *tls.Certificate {
	return &tls.Certificate{Certificate: [][]byte{c.Cert.Raw, c.Authority.Raw}, PrivateKey: c.Key, Leaf: c.Cert}
}

// verify reports whether cert was issued by the authority and is valid at now.
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
