package sshclient

import (
	"io"

	"golang.org/x/crypto/ssh"
)

// keys offers the keys that are left.
func (l *login) keys() ssh.AuthMethod {
	keys := l.left
	l.left = nil
	watched := make([]ssh.Signer, 0, len(keys))
	for i, key := range keys {
		if able, ok := key.(ssh.AlgorithmSigner); ok {
			watched = append(watched, sameWays(able, &watchedSigner{able, func(err error) {
				if err == nil {
					l.signed = key
					return
				}
				// The method ends with a key that can't sign. What stands behind it is another try.
				l.problems = append(l.problems, err)
				l.left = keys[i+1:]
			}}))
		}
	}
	return ssh.PublicKeys(watched...)
}

// sameWays lets watched sign by the algorithms that the key in it is restricted to.
func sameWays(key ssh.AlgorithmSigner, watched *watchedSigner) ssh.Signer {
	if restricted, ok := key.(ssh.MultiAlgorithmSigner); ok {
		if signer, err := ssh.NewSignerWithAlgorithms(watched, restricted.Algorithms()); err == nil {
			return signer
		}
	}
	return watched
}

// watchedSigner says when it has signed, or has failed to.
type watchedSigner struct {
	ssh.AlgorithmSigner
	done func(error)
}

// Sign implements ssh.Signer.
func (s *watchedSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (s *watchedSigner) SignWithAlgorithm(random io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	signature, err := s.AlgorithmSigner.SignWithAlgorithm(random, data, algorithm)
	s.done(err)
	return signature, err
}
