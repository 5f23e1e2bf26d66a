package trust

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"time"
)

// Cutoff revokes all certificates of an identity that were issued before a time, also those of which there is no
// record.
type Cutoff struct {
	// Identity is whose certificates are revoked. The zero value stands for all operators, readers and agents. Masters
	// renew their own certificates.
	Identity
	// Before is the time, in whole seconds, as in certificates.
	Before time.Time
}

func (c Cutoff) covers(cert *x509.Certificate) bool {
	id, err := IdentityOf(cert)
	if err != nil {
		return false
	}
	if c.Identity != id && (c.Identity != Identity{} || id.Role == Master) {
		return false
	}
	return IssuedAt(cert).Before(c.Before)
}

// IssuedAt returns when a certificate was issued, in whole seconds.
func IssuedAt(cert *x509.Certificate) time.Time { return cert.NotBefore.Add(Skew) }

// cutoffsOID is the extension with the cutoffs in a list of revocations. It is below 2.25, the arc of identifiers that
// need no registration (ITU-T X.667). It is not critical: a program that does not know it still uses the list's serial
// numbers.
var cutoffsOID = asn1.ObjectIdentifier{2, 25, 1397509192, 1}

// encodedCutoff is one cutoff in the extension, which is a SEQUENCE OF them.
type encodedCutoff struct {
	Role   string    `asn1:"utf8"`
	Name   string    `asn1:"utf8"`
	Before time.Time `asn1:"generalized"`
}

func encodeCutoffs(cutoffs []Cutoff) (pkix.Extension, error) {
	encoded := make([]encodedCutoff, len(cutoffs))
	for i, c := range cutoffs {
		encoded[i] = encodedCutoff{Role: string(c.Role), Name: c.Name, Before: c.Before.UTC().Truncate(time.Second)}
	}
	value, err := asn1.Marshal(encoded)
	return pkix.Extension{Id: cutoffsOID, Value: value}, err
}

func cutoffsOf(list *x509.RevocationList) ([]Cutoff, error) {
	for _, extension := range list.Extensions {
		if !extension.Id.Equal(cutoffsOID) {
			continue
		}
		var encoded []encodedCutoff
		if rest, err := asn1.Unmarshal(extension.Value, &encoded); err != nil || len(rest) > 0 {
			return nil, errors.New("the revocations can't be read")
		}
		cutoffs := make([]Cutoff, len(encoded))
		for i, c := range encoded {
			cutoffs[i] = Cutoff{Identity: Identity{Role: Role(c.Role), Name: c.Name}, Before: c.Before}
		}
		return cutoffs, nil
	}
	return nil, nil
}
