package trust

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// Revoked is one certificate that holds no longer.
type Revoked struct {
	// Serial is the certificate's number.
	Serial *big.Int
	At     time.Time
}

// Revocations are the certificates of an authority that hold no longer. The zero value has none. A value never changes.
type Revocations struct {
	list    *x509.RevocationList
	serials map[string]struct{}
}

// Revoke signs a list (RFC 5280, section 5). number must be larger than that of the list before. Certificates that have
// expired may be left out.
func (a *Authority) Revoke(number int64, revoked []Revoked, now time.Time) (*Revocations, error) {
	template := &x509.RevocationList{
		Number: big.NewInt(number), ThisUpdate: now, NextUpdate: a.cert.NotAfter,
	}
	for _, r := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: r.Serial, RevocationTime: r.At})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, a.cert, a.key)
	if err != nil {
		return nil, fmt.Errorf("sign the revocations: %w", err)
	}
	return ParseRevocations(der, a.cert)
}

// ParseRevocations reads a list that the authority signed (DER).
func ParseRevocations(der []byte, authority *x509.Certificate) (*Revocations, error) {
	list, err := x509.ParseRevocationList(der)
	if err != nil || list.Number == nil {
		return nil, errors.New("the revocations can't be read")
	}
	if err := list.CheckSignatureFrom(authority); err != nil {
		return nil, errors.New("the revocations are not signed by the authority")
	}
	r := &Revocations{list: list, serials: make(map[string]struct{}, len(list.RevokedCertificateEntries))}
	for _, entry := range list.RevokedCertificateEntries {
		r.serials[entry.SerialNumber.String()] = struct{}{}
	}
	return r, nil
}

// DER is the list as ParseRevocations takes it; nil for the zero value.
func (r *Revocations) DER() []byte {
	if r == nil || r.list == nil {
		return nil
	}
	return r.list.Raw
}

// Newer reports whether r comes after the other. Only such a one may take the other's place.
func (r *Revocations) Newer(other *Revocations) bool {
	if r == nil || r.list == nil {
		return false
	}
	return other == nil || other.list == nil || r.list.Number.Cmp(other.list.Number) > 0
}

// Has reports whether a certificate holds no longer.
func (r *Revocations) Has(serial *big.Int) bool {
	if r == nil || serial == nil {
		return false
	}
	_, revoked := r.serials[serial.String()]
	return revoked
}
