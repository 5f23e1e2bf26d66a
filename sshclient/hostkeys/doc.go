// Package hostkeys decides whether the key that a host presents is the host's, as ssh(1) does: by the known_hosts files, with
// hashed names, @cert-authority and @revoked, and by RevokedHostKeys.
//
// A key that is not known is refused, or learned, or a person is asked about it, by the Policy of the command line or the
// StrictHostKeyChecking of the host. A key that has changed is refused, but for hosts with StrictHostKeyChecking=no: those are
// warned about, and the caller learns that they must get no password.
//
// The matching of known_hosts is its own, over the parser of x/crypto/ssh. Package knownhosts of x/crypto reads files that
// are whole and right only, asks for no algorithms, and has neither the policies nor the names without a port.
package hostkeys
