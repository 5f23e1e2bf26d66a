package trust

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
)

// secretSize is that of a token's secret, in bytes.
const secretSize = 24

// tokenPrefix tells a token from other secrets, and from what later versions make.
const tokenPrefix = "sloth1"

// Token lets somebody join: what it is good for, only the master that made it knows.
type Token struct {
	Secret [secretSize]byte
	// Pin is that of the authority.
	Pin [sha256.Size]byte
}

// NewToken makes a token for joining the authority.
func NewToken(authority *x509.Certificate) Token {
	t := Token{Pin: Pin(authority)}
	// It never returns an error; see crypto/rand.
	_, _ = rand.Read(t.Secret[:])
	return t
}

// String is the token as it is given to people. It is a secret.
func (t Token) String() string {
	return tokenPrefix + "." + base64.RawURLEncoding.EncodeToString(t.Secret[:]) + "." + base64.RawURLEncoding.EncodeToString(t.Pin[:])
}

var errToken = errors.New("this is no token: one begins with " + tokenPrefix + ". and is printed by `sloth-runner master token`")

// ParseToken reads what String wrote. Its error does not repeat the text.
func ParseToken(text string) (Token, error) {
	parts := strings.Split(strings.TrimSpace(text), ".")
	if len(parts) != 3 || parts[0] != tokenPrefix {
		return Token{}, errToken
	}
	var t Token
	if !decodeExactly(t.Secret[:], parts[1]) || !decodeExactly(t.Pin[:], parts[2]) {
		return Token{}, errToken
	}
	return t, nil
}

func decodeExactly(into []byte, text string) bool {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(data) == len(into) && copy(into, data) == len(into)
}

// HashSecret is by what a master knows the secret of a token without keeping it.
func HashSecret(secret []byte) [sha256.Size]byte { return sha256.Sum256(secret) }

// IsFor reports whether a certificate is of the authority that the token names.
func (t Token) IsFor(authority *x509.Certificate) bool {
	pin := Pin(authority)
	return subtle.ConstantTimeCompare(pin[:], t.Pin[:]) == 1
}
