package identity

import (
	"fmt"
	"slices"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// Accepted applies PubkeyAcceptedAlgorithms: keys that it leaves out are not offered, and RSA keys sign only in the ways
// that it has.
func Accepted(o sshconfig.Settings, signers []ssh.Signer) (kept []ssh.Signer, problems []error, err error) {
	chosen, err := algorithms.UserKeys().ChooseOrUsual(o.PubkeyAcceptedAlgorithms)
	if err != nil {
		return nil, nil, err
	}
	for _, signer := range signers {
		if restricted := restrict(signer, chosen); restricted != nil {
			kept = append(kept, restricted)
		} else {
			problems = append(problems, fmt.Errorf("PubkeyAcceptedAlgorithms leaves out the key %s", pubkey.Fingerprint(signer.PublicKey())))
		}
	}
	return kept, problems, nil
}

// restrict lets a key sign only by some algorithms; nil: by none.
func restrict(signer ssh.Signer, chosen []string) ssh.Signer {
	key := signer.PublicKey()
	certificate := pubkey.Certificate(key)
	if certificate != nil {
		key = certificate.Key
	}
	ways := []string{key.Type()}
	if key.Type() == ssh.KeyAlgoRSA {
		ways = []string{ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSA}
	}
	some := slices.DeleteFunc(slices.Clone(ways), func(name string) bool {
		if certificate != nil {
			name = algorithms.Certified(name)
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
