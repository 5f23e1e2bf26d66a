package credential

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"

	"sloth-runner/internal/secret"
)

// Key stands for a password of an account. It says nothing about the password: it is a hash with a random key.
type Key [sha256.Size]byte

// keyed makes Keys. The zero value is ready to use.
type keyed struct {
	once sync.Once
	key  [sha256.Size]byte
}

// Key returns the Key of a password and the account that it is for. It is only valid for the same Trials.
func (k *keyed) Key(account string, password secret.Text) Key {
	k.once.Do(func() { _, _ = rand.Read(k.key[:]) }) // it never fails
	hash := hmac.New(sha256.New, k.key[:])
	// The account has a hash of its own, so that no text can be moved from one to the other.
	of := sha256.Sum256([]byte(account))
	hash.Write(of[:])
	hash.Write([]byte(password.Reveal()))
	return Key(hash.Sum(nil))
}
