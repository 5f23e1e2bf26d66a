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

// secretSize is the size of a token's secret, in bytes.
const secretSize = 24

// tokenPrefix distinguishes a token from other secrets, and from tokens of later versions.
const tokenPrefix = "sloth1"

// Token lets a machine join. Its role and name are known only to the master that made it.
type Token struct {
	Secret [secretSize]byte
	// Pin is the pin of the authority.
	Pin [sha256.Size]byte
}

// NewToken makes a token for joining this authority.
func NewToken(authority *x509.Certificate) Token {
	t := Token{Pin: Pin(authority)}
	// Read never returns an error; see crypto/rand.
	_, _ = rand.Read(t.Secret[:])
	return t
}

// String returns the token in the form that users copy. It is a secret.
func (t Token) String() string {
	return tokenPrefix + "." + base64.RawURLEncoding.EncodeToString(t.Secret[:]) + "." + base64.RawURLEncoding.EncodeToString(t.Pin[:])
}

var errToken = errors.New("this is not a token: a token begins with " + tokenPrefix + ". and is printed by `sloth-runner master token`")

// ParseToken reads the form that String returns. Its error does not contain the text.
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

// HashSecret returns the hash by which a master recognizes the secret of a token without storing it.
func HashSecret(secret []byte) [sha256.Size]byte { return sha256.Sum256(secret) }

// IsFor reports whether a certificate is the one of the token's authority.
func (t Token) IsFor(authority *x509.Certificate) bool {
	pin := Pin(authority)
	return subtle.ConstantTimeCompare(pin[:], t.Pin[:]) == 1
}
