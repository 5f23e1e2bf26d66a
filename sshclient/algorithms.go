package sshclient

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
	"sloth-runner/sshconfig"
)

// algorithmList is one of the lists of algorithms that ssh_config(5) has.
type algorithmList struct {
	option string
	// usual are those without the option, all those that are known here.
	usual, all []string
}

// choose applies the option, as kex_assemble_names in OpenSSH's kex.c does. Names that are not known here are left out: the
// list may be one for a newer ssh. nil: nothing is said.
func (l algorithmList) choose(said string) ([]string, error) {
	if said == "" {
		return nil, nil
	}
	names := strings.Split(strings.TrimLeft(said, "+-^"), ",")
	var chosen []string
	switch said[0] {
	case '+':
		chosen = append(slices.Clone(l.usual), l.matching(names)...)
	case '-':
		chosen = slices.DeleteFunc(slices.Clone(l.usual), func(name string) bool { return isAmong(name, names) })
	case '^':
		chosen = append(l.matching(names), l.usual...)
	default:
		chosen = l.matching(names)
	}
	if chosen = once(chosen); len(chosen) == 0 {
		return nil, &fault.Error{
			Stage: fault.Handshake,
			Err:   fmt.Errorf("%s %q leaves nothing that can be done here", l.option, said),
			Hint:  "this program knows " + strings.Join(l.all, ", "),
		}
	}
	return chosen, nil
}

// matching are the known names that each pattern stands for.
func (l algorithmList) matching(patterns []string) []string {
	var found []string
	for _, pattern := range patterns {
		for _, name := range l.all {
			if isAmong(name, []string{pattern}) {
				found = append(found, name)
			}
		}
	}
	return found
}

func isAmong(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return glob.Match(strings.TrimSuffix(pattern, "@libssh.org"), name) })
}

func once(names []string) []string {
	var list []string
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// permitted applies HostKeyAlgorithms to what would be asked for. The order stays: what is known goes first. Certificates
// that no authority vouches for are asked for only where nothing else is allowed.
func permitted(ask []string, said string) ([]string, error) {
	usual, all := hostKeyNames()
	chosen, err := algorithmList{"HostKeyAlgorithms", usual, all}.choose(said)
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
// Without the option, SHA-1 is not enough, as in OpenSSH.
func checkAuthoritySignature(o sshconfig.Settings, certificate *ssh.Certificate) error {
	usual := ssh.SupportedAlgorithms().PublicKeyAuths
	chosen, err := algorithmList{"CASignatureAlgorithms", usual, slices.Concat(usual, []string{ssh.KeyAlgoRSA})}.choose(o.CASignatureAlgorithms)
	if err != nil {
		return err
	}
	if chosen == nil {
		chosen = usual
	}
	if certificate.Signature == nil || slices.Contains(chosen, certificate.Signature.Format) {
		return nil // without a signature, the check that follows fails
	}
	return fmt.Errorf("its signature is %q, which CASignatureAlgorithms does not have", certificate.Signature.Format)
}

// certifiedName is what a certificate is called that holds a key of an algorithm.
var certifiedName = map[string]string{
	ssh.KeyAlgoRSA: ssh.CertAlgoRSAv01, ssh.KeyAlgoRSASHA256: ssh.CertAlgoRSASHA256v01, ssh.KeyAlgoRSASHA512: ssh.CertAlgoRSASHA512v01,
	ssh.KeyAlgoECDSA256: ssh.CertAlgoECDSA256v01, ssh.KeyAlgoECDSA384: ssh.CertAlgoECDSA384v01, ssh.KeyAlgoECDSA521: ssh.CertAlgoECDSA521v01,
	ssh.KeyAlgoED25519: ssh.CertAlgoED25519v01, ssh.KeyAlgoSKED25519: ssh.CertAlgoSKED25519v01, ssh.KeyAlgoSKECDSA256: ssh.CertAlgoSKECDSA256v01,
}

// acceptedKeys applies PubkeyAcceptedAlgorithms: keys that it leaves out are not offered, and RSA keys sign only in the ways
// that it has.
func acceptedKeys(o sshconfig.Settings, signers []ssh.Signer) (kept []ssh.Signer, problems []error, err error) {
	usual, all := userKeyNames()
	chosen, err := algorithmList{"PubkeyAcceptedAlgorithms", usual, all}.chooseOrUsual(o.PubkeyAcceptedAlgorithms)
	if err != nil {
		return nil, nil, err
	}
	for _, signer := range signers {
		if restricted := restrict(signer, chosen); restricted != nil {
			kept = append(kept, restricted)
		} else {
			problems = append(problems, fmt.Errorf("PubkeyAcceptedAlgorithms leaves out the key %s", fingerprint(signer.PublicKey())))
		}
	}
	return kept, problems, nil
}

// restrict lets a key sign only by some algorithms; nil: by none.
func restrict(signer ssh.Signer, chosen []string) ssh.Signer {
	key := signer.PublicKey()
	certificate := certificateOf(key)
	if certificate != nil {
		key = certificate.Key
	}
	ways := []string{key.Type()}
	if key.Type() == ssh.KeyAlgoRSA {
		ways = []string{ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSA}
	}
	some := slices.DeleteFunc(slices.Clone(ways), func(name string) bool {
		if certificate != nil {
			name = certifiedName[name]
		}
		return !slices.Contains(chosen, name)
	})
	able, ok := signer.(ssh.AlgorithmSigner)
	if len(some) == 0 || len(some) == len(ways) || !ok {
		if len(some) == 0 {
			return nil
		}
		return signer
	}
	// It fails only for a signer that is restricted already, which then can't do what is left.
	restricted, err := ssh.NewSignerWithAlgorithms(able, some)
	if err != nil {
		return nil
	}
	return restricted
}
