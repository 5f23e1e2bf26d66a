// Package trust identifies operators, agents and masters to each other.
//
// An Authority signs certificates. Each names one Identity, a role and a name, as its only URI:
// sloth-runner://agent/web-1. Each service decides what an identity may do. DNS names and addresses are not checked, so
// an agent may change its address and a master may have several.
//
// Both ends of a connection show a certificate of the same authority, over TLS 1.3. The client checks that the server
// has the expected role and, if known, the expected name.
//
// Certificates are short-lived. Their holder renews them long before they expire (Credentials.RenewAt). A certificate
// is refused earlier when its serial number is in the Revocations, a list that the authority signs (RFC 5280, section
// 5). A list is replaced only by a later one.
//
// A private key is made where it is used and never leaves that machine. Only a certificate request is sent (RFC 2986).
//
// # Joining
//
// A Token has a secret that can be used once, and a hash of the authority's key (as in RFC 7469). With the hash a
// client authenticates the master before it sends the secret.
package trust
