package sshclient

import (
	"io"

	"golang.org/x/crypto/ssh"
)

// keys returns the method that offers the remaining keys.
func (l *login) keys() ssh.AuthMethod {
	keys := l.left
	l.left = nil
	watched := make([]ssh.Signer, 0, len(keys))
	for i, key := range keys {
		if able, ok := key.(ssh.AlgorithmSigner); ok {
			watched = append(watched, withSameAlgorithms(able, &watchedSigner{able, func(err error) {
				if err == nil {
					l.signed = key
					return
				}
				// The method ends with a key that can't sign. The keys after it are for another try.
				l.problems = append(l.problems, err)
				l.left = keys[i+1:]
			}}))
		}
	}
	return ssh.PublicKeys(watched...)
}

// withSameAlgorithms restricts watched to the algorithms of the key in it.
func withSameAlgorithms(key ssh.AlgorithmSigner, watched *watchedSigner) ssh.Signer {
	if restricted, ok := key.(ssh.MultiAlgorithmSigner); ok {
		if signer, err := ssh.NewSignerWithAlgorithms(watched, restricted.Algorithms()); err == nil {
			return signer
		}
	}
	return watched
}

// watchedSigner calls done after each signature, with the error when it failed.
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
