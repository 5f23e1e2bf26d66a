package registry

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"google.golang.org/grpc/codes"

	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// maxCertificates limits the valid certificates of one identity.
const maxCertificates = 64

// newLine begins a line of certificates.
func newLine(tx store.Tx) (uint64, error) {
	last, _, err := store.Get[uint64](tx, lineKey)
	if err != nil {
		return 0, err
	}
	return last + 1, store.Put(tx, lineKey, last+1)
}

// record keeps a certificate until it expires, so that it can be revoked.
func record(tx store.Tx, id trust.Identity, cert *x509.Certificate, line uint64, now time.Time) error {
	holder, _, err := store.Get[holderRecord](tx, holderKey(id))
	if err != nil {
		return err
	}
	holder.Certificates = slices.DeleteFunc(holder.Certificates, func(c certificateRecord) bool { return now.After(c.NotAfter) })
	if len(holder.Certificates) >= maxCertificates {
		return refuse(codes.ResourceExhausted, fmt.Sprintf("revoke %s, and let it join again", id),
			"%s has %d certificates that hold, which is as many as it can have", id, len(holder.Certificates))
	}
	holder.Certificates = append(holder.Certificates, certificateRecord{
		Serial: cert.SerialNumber.String(), Issued: trust.IssuedAt(cert), NotAfter: cert.NotAfter, Line: line,
	})
	return store.Put(tx, holderKey(id), holder)
}

// lineOf returns the line of a valid certificate.
func lineOf(tx store.Tx, id trust.Identity, cert *x509.Certificate) (uint64, error) {
	holder, _, err := store.Get[holderRecord](tx, holderKey(id))
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

// end removes certificates from an identity's record, and returns those that are still valid.
func end(tx store.Tx, id trust.Identity, which func(certificateRecord) bool, now time.Time) ([]certificateRecord, error) {
	holder, found, err := store.Get[holderRecord](tx, holderKey(id))
	if err != nil || !found {
		return nil, err
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
	switch {
	case len(ended) == 0:
		return nil, nil
	case len(kept) == 0:
		return ended, tx.Delete(holderKey(id))
	}
	return ended, store.Put(tx, holderKey(id), holderRecord{Certificates: kept})
}

func all(certificateRecord) bool { return true }
