// Package pubkey names and compares public keys.
package pubkey

import (
	"bytes"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Fingerprint is the type of a key and its digest, as ssh-keygen -l prints them.
func Fingerprint(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }

// Same reports whether two keys are the same.
func Same(a, b ssh.PublicKey) bool { return bytes.Equal(a.Marshal(), b.Marshal()) }

// Certificate returns a key as a certificate, also one that the ssh-agent has; nil when it is none.
func Certificate(key ssh.PublicKey) *ssh.Certificate {
	if listed, ok := key.(*agent.Key); ok {
		parsed, err := ssh.ParsePublicKey(listed.Blob)
		if err != nil {
			return nil
		}
		key = parsed
	}
	certificate, _ := key.(*ssh.Certificate)
	return certificate
}
