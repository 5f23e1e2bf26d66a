package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"sloth-runner/internal/fault"
)

var (
	errNoIdentity     = errors.New("its certificate has no identity that this program knows")
	errNoCertificate  = errors.New("it shows no certificate")
	errOtherAuthority = errors.New("its certificate is of another authority")
	errExpired        = errors.New("its certificate has expired")
	errNotYetValid    = errors.New("its certificate is not valid yet")
	errRevoked        = errors.New("its certificate is revoked")
	errPin            = errors.New("it is not of the authority that the token names")
)

// Hints for these errors.
const (
	hintOther   = "the two have joined different masters: join the same one, `sloth-runner master token` gives a token for that"
	hintExpired = "check both clocks; a holder that was off for longer than its certificate holds has to join again with a new token"
	hintClock   = "check both clocks: they differ by more than five minutes"
	hintRevoked = "it was revoked with `sloth-runner master revoke`; it can join again with a new token"
	hintRole    = "check the address: masters and agents listen on ports of their own"
	hintNotTLS  = "it does not use TLS: it may be another program, or an agent started with --insecure"
)

// is returns an error that names the identity when it is not the wanted one. A wanted identity without a name stands
// for its role.
func (i Identity) is(want Identity) error {
	found := i
	if found == want || want.Name == "" && found.Role == want.Role {
		return nil
	}
	if found.Role != want.Role {
		return &fault.Error{Err: fmt.Errorf("it is %s, and no %s", found, want.Role), Hint: hintRole}
	}
	return &fault.Error{
		Err:  fmt.Errorf("it is %s, and not %s", found, want),
		Hint: "its address may have been given to another machine: `sloth-runner agent list` shows what is registered",
	}
}

// invalid returns the error for a certificate that did not verify.
func invalid(err error, cert *x509.Certificate, now time.Time) error {
	var reason x509.CertificateInvalidError
	switch {
	case errors.As(err, &reason) && reason.Reason == x509.Expired && now.Before(cert.NotBefore):
		return &fault.Error{Err: fmt.Errorf("%w before %s, and it is %s here", errNotYetValid, stamp(cert.NotBefore), stamp(now)), Hint: hintClock}
	case errors.As(err, &reason) && reason.Reason == x509.Expired:
		return &fault.Error{Err: fmt.Errorf("%w on %s, and it is %s here", errExpired, stamp(cert.NotAfter), stamp(now)), Hint: hintExpired}
	}
	return &fault.Error{Err: errOtherAuthority, Hint: hintOther}
}

// IsRevoked reports whether a caller was refused because its certificate is revoked.
func IsRevoked(err error) bool { return errors.Is(err, errRevoked) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") }

// Plain returns the error of a failed TLS connection in a user's words, and other errors unchanged. An alert is the
// peer's refusal of our own certificate; the numbers are those of RFC 8446, section 6.
func Plain(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &record):
		return &fault.Error{Err: errors.New("it does not speak TLS"), Hint: hintNotTLS}
	case errors.As(err, &alert), strings.Contains(err.Error(), "remote error: tls:"):
		return refusedByAlert(err)
	}
	for _, known := range []error{errNoIdentity, errNoCertificate, errOtherAuthority, errExpired, errNotYetValid, errRevoked} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

// refusedByAlert returns the peer's refusal. Go has alerts as text only.
func refusedByAlert(err error) error {
	text := err.Error()
	for _, alert := range []struct{ said, means, hint string }{
		{"expired certificate", "it refuses our certificate, which has expired by its clock", hintExpired},
		{"unknown certificate authority", "it refuses our certificate, which is of another authority", hintOther},
		{"revoked certificate", "it refuses our certificate, which is revoked", hintRevoked},
		{"certificate required", "it wants a certificate and we have none", "join its master first: `sloth-runner operator join`"},
		{"bad certificate", "it refuses our certificate", "it may be revoked, not valid yet by its clock, or of another kind of user"},
		{"protocol version", "it refuses TLS 1.3", hintNotTLS},
	} {
		if strings.Contains(text, alert.said) {
			return &fault.Error{Err: errors.New(alert.means), Hint: alert.hint}
		}
	}
	return &fault.Error{Err: errors.New("it refuses the connection: " + text[strings.LastIndex(text, ":")+1:])}
}
