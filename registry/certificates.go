package registry

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"time"

	"google.golang.org/grpc/codes"

	"sloth-runner/trust"
)

// maxCertificates bounds those of one identity that hold at the same time.
const maxCertificates = 64

// newLine begins a line of certificates.
func newLine(tx Tx) (uint64, error) {
	last, _, err := get[uint64](tx, lineKey)
	if err != nil {
		return 0, err
	}
	return last + 1, put(tx, lineKey, last+1)
}

// record remembers a certificate until it expires: what was issued can be revoked.
func record(tx Tx, id trust.Identity, cert *x509.Certificate, line uint64, now time.Time) error {
	holder, _, err := get[holderRecord](tx, holderKey(id))
	if err != nil {
		return err
	}
	holder.Certificates = slices.DeleteFunc(holder.Certificates, func(c certificateRecord) bool { return now.After(c.NotAfter) })
	if len(holder.Certificates) >= maxCertificates {
		return refuse(codes.ResourceExhausted, fmt.Sprintf("revoke %s, and let it join again", id),
			"%s has %d certificates that hold, which is as many as it can have", id, len(holder.Certificates))
	}
	holder.Certificates = append(holder.Certificates, certificateRecord{Serial: cert.SerialNumber.String(), NotAfter: cert.NotAfter, Line: line})
	return put(tx, holderKey(id), holder)
}

// lineOf is the line of a certificate that holds.
func lineOf(tx Tx, id trust.Identity, cert *x509.Certificate) (uint64, error) {
	holder, _, err := get[holderRecord](tx, holderKey(id))
	if err != nil {
		return 0, err
	}
	serial := cert.SerialNumber.String()
	for _, c := range holder.Certificates {
		if c.Serial == serial {
			return c.Line, nil
		}
	}
	return 0, refuse(codes.Unauthenticated, "let it join again, with a new token",
		"the certificate of %s is none that this master knows: it is revoked, or the master's registry is not the one of before", id)
}

// revoke ends certificates of an identity, and returns how many there were.
func revoke(tx Tx, id trust.Identity, which func(certificateRecord) bool, now time.Time) (int, error) {
	holder, found, err := get[holderRecord](tx, holderKey(id))
	if err != nil || !found {
		return 0, err
	}
	var kept, ended []certificateRecord
	for _, c := range holder.Certificates {
		switch {
		case now.After(c.NotAfter):
		case which(c):
			ended = append(ended, c)
		default:
			kept = append(kept, c)
		}
	}
	if len(ended) == 0 {
		return 0, nil
	}
	list, _, err := get[revokedRecord](tx, revokedKey)
	if err != nil {
		return 0, err
	}
	list.Number++
	list.Entries = slices.DeleteFunc(list.Entries, func(e revokedEntry) bool { return now.After(e.NotAfter) })
	for _, c := range ended {
		list.Entries = append(list.Entries, revokedEntry{Serial: c.Serial, At: now, NotAfter: c.NotAfter})
	}
	if err := put(tx, revokedKey, list); err != nil {
		return 0, err
	}
	if len(kept) == 0 {
		return len(ended), tx.Delete(holderKey(id))
	}
	return len(ended), put(tx, holderKey(id), holderRecord{Certificates: kept})
}

func all(certificateRecord) bool { return true }

// sign makes the list that goes to everybody.
func (r revokedRecord) sign(authority *trust.Authority, now time.Time) (*trust.Revocations, error) {
	revoked := make([]trust.Revoked, len(r.Entries))
	for i, e := range r.Entries {
		serial, ok := new(big.Int).SetString(e.Serial, 10)
		if !ok {
			return nil, fmt.Errorf("the registry's list of revocations has a serial number that is none: %.60q", e.Serial)
		}
		revoked[i] = trust.Revoked{Serial: serial, At: e.At}
	}
	return authority.Revoke(r.Number, revoked, now)
}
