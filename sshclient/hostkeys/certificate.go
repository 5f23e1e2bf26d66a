package hostkeys

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/glob"
	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshconfig"
)

// checkCertificate tells what is wrong with a host's certificate.
func (k known) checkCertificate(host sshconfig.Host, certificate *ssh.Certificate) error {
	if err := checkAuthoritySignature(host.Settings, certificate); err != nil {
		return err
	}
	checker := ssh.CertChecker{
		IsHostAuthority: func(authority ssh.PublicKey, _ string) bool { return has(k.authorities, authority) != nil },
	}
	principal, err := principalOf(certificate, host)
	if err != nil {
		return err
	}
	// The checker wants an address, and uses the name in it.
	return checker.CheckHostKey(net.JoinHostPort(principal, "22"), nil, certificate)
}

// principalOf is the name in a certificate that is the host's. Names may be patterns, as for ssh(1); a certificate
// without any is for no host, as since OpenSSH 10.3.
func principalOf(certificate *ssh.Certificate, host sshconfig.Host) (string, error) {
	name := hostOf(host.Address)
	if host.HostKeyAlias != "" {
		name = host.HostKeyAlias
	}
	for _, principal := range certificate.ValidPrincipals {
		if principal == name || glob.Match(principal, strings.ToLower(name)) {
			return principal, nil
		}
	}
	if len(certificate.ValidPrincipals) == 0 {
		return "", errors.New("it names no host")
	}
	const most = 5
	names := certificate.ValidPrincipals[:min(most, len(certificate.ValidPrincipals))]
	return "", fmt.Errorf("it is for %.200q, not for %s", names, name)
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
