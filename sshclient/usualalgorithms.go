package sshclient

import (
	"slices"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshconfig"
)

// The usual algorithms are those that OpenSSH 10 offers where no option says otherwise, as far as x/crypto/ssh has them; its
// own defaults have weaker ones, and lack others that a hardened server insists on. The order is OpenSSH's too, but that
// AES-GCM goes before ChaCha20: processors have instructions for it, and an agent is several megabytes.

func usualKeyExchanges() []string {
	return []string{
		ssh.KeyExchangeMLKEM768X25519, ssh.KeyExchangeCurve25519,
		ssh.KeyExchangeECDHP256, ssh.KeyExchangeECDHP384, ssh.KeyExchangeECDHP521,
		ssh.KeyExchangeDHGEXSHA256, ssh.KeyExchangeDH16SHA512, ssh.KeyExchangeDH14SHA256,
	}
}

func usualCiphers() []string {
	return []string{
		ssh.CipherAES128GCM, ssh.CipherAES256GCM, ssh.CipherChaCha20Poly1305,
		ssh.CipherAES128CTR, ssh.CipherAES192CTR, ssh.CipherAES256CTR,
	}
}

func usualMACs() []string {
	return []string{ssh.HMACSHA256ETM, ssh.HMACSHA512ETM, ssh.HMACSHA256, ssh.HMACSHA512, ssh.HMACSHA1}
}

// usualKeys are the plain algorithms of host keys and, with those of security keys, of users' keys.
func usualKeys() []string {
	return []string{
		ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
	}
}

// hostKeyNames are the usual algorithms of host keys, certificates first, and all that are known.
func hostKeyNames() (usual, all []string) {
	for _, name := range usualKeys() {
		usual = append(usual, certifiedName[name])
	}
	usual = append(usual, usualKeys()...)
	return usual, once(slices.Concat(usual, ssh.SupportedAlgorithms().HostKeys, ssh.InsecureAlgorithms().HostKeys))
}

// userKeyNames are the usual algorithms of users' keys, with those of certificates, and all that are known.
func userKeyNames() (usual, all []string) {
	usual = append(usualKeys(), ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256)
	all = once(slices.Concat(usual, ssh.SupportedAlgorithms().PublicKeyAuths, []string{ssh.KeyAlgoRSA}))
	for _, list := range []*[]string{&usual, &all} {
		for _, name := range slices.Clone(*list) {
			if certified, ok := certifiedName[name]; ok {
				*list = append(*list, certified)
			}
		}
	}
	return usual, all
}

// wireLists are the lists of the key exchange and of the encryption.
func wireLists() (kex, ciphers, macs algorithmList) {
	sound, weak := ssh.SupportedAlgorithms(), ssh.InsecureAlgorithms()
	kex = algorithmList{"KexAlgorithms", usualKeyExchanges(), slices.Concat(sound.KeyExchanges, weak.KeyExchanges)}
	ciphers = algorithmList{"Ciphers", usualCiphers(), slices.Concat(sound.Ciphers, weak.Ciphers)}
	macs = algorithmList{"MACs", usualMACs(), slices.Concat(sound.MACs, weak.MACs)}
	return kex, ciphers, macs
}

// wireAlgorithms are those of the key exchange and of the encryption, by the options of a host.
func wireAlgorithms(o sshconfig.Settings) (config ssh.Config, err error) {
	kex, ciphers, macs := wireLists()
	if config.KeyExchanges, err = kex.chooseOrUsual(o.KexAlgorithms); err != nil {
		return config, err
	}
	if config.Ciphers, err = ciphers.chooseOrUsual(o.Ciphers); err != nil {
		return config, err
	}
	config.MACs, err = macs.chooseOrUsual(o.MACs)
	return config, err
}

// chooseOrUsual is choose, with the usual ones where nothing is said.
func (l algorithmList) chooseOrUsual(said string) ([]string, error) {
	chosen, err := l.choose(said)
	if err == nil && chosen == nil {
		chosen = l.usual
	}
	return chosen, err
}
