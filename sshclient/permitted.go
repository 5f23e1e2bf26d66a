package sshclient

import (
	"fmt"
	"slices"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshconfig"
)

// permitted applies HostKeyAlgorithms to what would be asked for. The order stays: what is known goes first. Certificates
// that no authority vouches for are asked for only where nothing else is allowed.
func permitted(ask []string, said string) ([]string, error) {
	chosen, err := algorithms.HostKeys().Choose(said)
	if err != nil || chosen == nil {
		return ask, err
	}
	some := slices.DeleteFunc(ask, func(name string) bool { return !slices.Contains(chosen, name) })
	for _, name := range chosen {
		if !isCertificate(name) && !slices.Contains(some, name) {
			some = append(some, name)
		}
	}
	if len(some) == 0 {
		return chosen, nil
	}
	return some, nil
}

// checkAuthoritySignature refuses a host's certificate that was signed in a way that CASignatureAlgorithms does not have.
func checkAuthoritySignature(o sshconfig.Settings, certificate *ssh.Certificate) error {
	chosen, err := algorithms.Authorities().ChooseOrUsual(o.CASignatureAlgorithms)
	if err != nil {
		return err
	}
	if certificate.Signature == nil || slices.Contains(chosen, certificate.Signature.Format) {
		return nil // without a signature, the check that follows fails
	}
	return fmt.Errorf("its signature is %q, which CASignatureAlgorithms does not have", certificate.Signature.Format)
}
