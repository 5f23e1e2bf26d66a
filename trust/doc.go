// Package trust says who is who among operators, agents and masters.
//
// An Authority signs certificates. Each names one Identity, a role and a name, as its only URI:
// sloth-runner://agent/web-1. What an identity may do is decided by whom it speaks to; names in DNS and addresses mean
// nothing here, so that an agent may change its address and a master may have several.
//
// Both ends of a connection show a certificate of the same authority, over TLS 1.3 and nothing older. A party that is
// connected to must have the role, and where it is known also the name, that the connecting one expects.
//
// Certificates are short-lived and renewed by their holder long before they end (Credentials.RenewAt). Until then one is
// refused whose serial number is in the Revocations, a list that the authority signs (RFC 5280, section 5) and that is
// only ever replaced by a later one.
//
// A private key is made where it is used and never leaves it: what travels is a certificate request (RFC 2986).
//
// # Joining
//
// A Token is a secret that can be used once, and a hash of the authority's key (as in RFC 7469): whoever joins knows the
// authority before it has said a word, and the secret is only sent to one that holds that key.
package trust
