package trust

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// Revoked is one certificate that is revoked.
type Revoked struct {
	// Serial is the certificate's number.
	Serial *big.Int
	At     time.Time
}

// Revocations are the revoked certificates of an authority: single ones, and all that were issued before a time. The
// zero value has none. A value is immutable.
type Revocations struct {
	list    *x509.RevocationList
	serials map[string]struct{}
	cutoffs []Cutoff
}

// Revoke signs a list (RFC 5280, section 5). number must be larger than that of the previous list. Expired certificates
// may be left out.
func (a *Authority) Revoke(number int64, revoked []Revoked, cutoffs []Cutoff, now time.Time) (*Revocations, error) {
	template := &x509.RevocationList{
		Number: big.NewInt(number), ThisUpdate: now, NextUpdate: a.cert.NotAfter,
	}
	for _, r := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: r.Serial, RevocationTime: r.At})
	}
	if len(cutoffs) > 0 {
		extension, err := encodeCutoffs(cutoffs)
		if err != nil {
			return nil, fmt.Errorf("sign the revocations: %w", err)
		}
		template.ExtraExtensions = append(template.ExtraExtensions, extension)
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
	if err != nil || list.Number == nil || !list.Number.IsInt64() {
		return nil, errors.New("the revocations can't be read")
	}
	if err := list.CheckSignatureFrom(authority); err != nil {
		return nil, errors.New("the revocations are not signed by the authority")
	}
	r := &Revocations{list: list, serials: make(map[string]struct{}, len(list.RevokedCertificateEntries))}
	for _, entry := range list.RevokedCertificateEntries {
		r.serials[entry.SerialNumber.String()] = struct{}{}
	}
	if r.cutoffs, err = cutoffsOf(list); err != nil {
		return nil, err
	}
	return r, nil
}

// DER returns the list in the form that ParseRevocations reads; nil for the zero value.
func (r *Revocations) DER() []byte {
	if r == nil || r.list == nil {
		return nil
	}
	return r.list.Raw
}

// Number returns the number of the list; 0 for the zero value.
func (r *Revocations) Number() int64 {
	if r == nil || r.list == nil {
		return 0
	}
	return r.list.Number.Int64()
}

// Newer reports whether r is later than other. A list is replaced only by a newer one.
func (r *Revocations) Newer(other *Revocations) bool {
	if r == nil || r.list == nil {
		return false
	}
	return other == nil || other.list == nil || r.list.Number.Cmp(other.list.Number) > 0
}

// Has reports whether the list has a serial number.
func (r *Revocations) Has(serial *big.Int) bool {
	if r == nil || serial == nil {
		return false
	}
	_, revoked := r.serials[serial.String()]
	return revoked
}

// Covers reports whether a certificate of the authority is revoked, by its number or by the time of its issue.
func (r *Revocations) Covers(cert *x509.Certificate) bool {
	if r == nil {
		return false
	}
	if r.Has(cert.SerialNumber) {
		return true
	}
	for _, c := range r.cutoffs {
		if c.covers(cert) {
			return true
		}
	}
	return false
}

// Serials returns the single certificates of the list.
func (r *Revocations) Serials() []Revoked {
	if r == nil || r.list == nil {
		return nil
	}
	all := make([]Revoked, len(r.list.RevokedCertificateEntries))
	for i, entry := range r.list.RevokedCertificateEntries {
		all[i] = Revoked{Serial: entry.SerialNumber, At: entry.RevocationTime}
	}
	return all
}

// Cutoffs returns the cutoffs of the list. The caller must not change them.
func (r *Revocations) Cutoffs() []Cutoff {
	if r == nil {
		return nil
	}
	return r.cutoffs
}

// Lacks reports whether other has a revocation that r lacks and that still matters at now. A later list that lacks one
// shows that the master has lost data.
func (r *Revocations) Lacks(other *Revocations, now time.Time) bool {
	for _, entry := range other.Serials() {
		if !Outlived(entry.At, now) && !r.Has(entry.Serial) {
			return true
		}
	}
	for _, c := range other.Cutoffs() {
		if !Outlived(c.Before, now) && !r.includes(c) {
			return true
		}
	}
	return false
}

func (r *Revocations) includes(wanted Cutoff) bool {
	for _, c := range r.Cutoffs() {
		if c.Identity == wanted.Identity && !c.Before.Before(wanted.Before) {
			return true
		}
	}
	return false
}

// Outlived reports whether all certificates that were issued before a time have expired at now.
func Outlived(issuedBefore, now time.Time) bool { return now.Sub(issuedBefore) > MaxLife }
