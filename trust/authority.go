package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"time"
)

const (
	// authorityLife is how long an authority's certificate is valid.
	authorityLife = 10 * 365 * 24 * time.Hour
	// DefaultLife is how long a certificate is valid when no other time is asked for.
	DefaultLife = 7 * 24 * time.Hour
	// MaxLife limits how long a certificate is valid. A revocation has to be kept until the certificate has expired.
	MaxLife = 90 * 24 * time.Hour
	// Skew is how far the clocks of two machines may differ. A certificate is valid from this long before it is issued.
	Skew = 5 * time.Minute
)

// Authority signs certificates and revocations. It is safe for concurrent use.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// NewAuthority makes an authority that is valid from now.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the authority's key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "sloth-runner authority"},
		NotBefore: now.Add(-Skew), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign the authority's certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the authority's certificate: %w", err)
	}
	return &Authority{cert: cert, key: key}, nil
}

// Certificate returns the authority's own certificate, by which others know the authority.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// Issue signs a certificate for the key of a request (PKCS #10, DER). Only the key is taken from the request: the
// caller decides on the identity.
func (a *Authority) Issue(request []byte, id Identity, life time.Duration, now time.Time) (*x509.Certificate, error) {
	if err := id.check(); err != nil {
		return nil, err
	}
	if life <= 0 || life > MaxLife {
		return nil, fmt.Errorf("a certificate holds for at most %s, not for %s", MaxLife, life)
	}
	key, err := keyOfRequest(request)
	if err != nil {
		return nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: id.Name, OrganizationalUnit: []string{string(id.Role)}},
		URIs: []*url.URL{id.uri()}, NotBefore: now.Add(-Skew), NotAfter: earlier(now.Add(life), a.cert.NotAfter),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: usages(id.Role), BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate of %s: %w", id, err)
	}
	return x509.ParseCertificate(der)
}

// keyOfRequest returns the key of a request, and checks that the requester has the private key for it.
func keyOfRequest(der []byte) (crypto.PublicKey, error) {
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, errors.New("this is not a certificate request")
	}
	if err := request.CheckSignature(); err != nil {
		return nil, errors.New("the certificate request is not signed with its own key")
	}
	key, ok := request.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("the certificate request is not for an ECDSA key on P-256")
	}
	return key, nil
}

// usages returns the usages of a certificate. They keep operators from acting as servers.
func usages(role Role) []x509.ExtKeyUsage {
	if role == Agent || role == Master {
		return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	return []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
}

// Pin returns a hash of a certificate's key. With it a client can recognize the authority before it has its certificate
// (RFC 7469, section 2.4).
func Pin(cert *x509.Certificate) [sha256.Size]byte {
	return sha256.Sum256(cert.RawSubjectPublicKeyInfo)
}

// newSerial returns an unpredictable number (CA/Browser Forum Baseline Requirements, 7.1: at least 64 random bits).
func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	return serial.Add(serial, big.NewInt(1)), nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
