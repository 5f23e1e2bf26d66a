package algorithms

import (
	"slices"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/distinct"
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

// Certified is what a certificate is called that holds a key of an algorithm; "": there is none.
func Certified(algorithm string) string {
	return map[string]string{
		ssh.KeyAlgoRSA: ssh.CertAlgoRSAv01, ssh.KeyAlgoRSASHA256: ssh.CertAlgoRSASHA256v01, ssh.KeyAlgoRSASHA512: ssh.CertAlgoRSASHA512v01,
		ssh.KeyAlgoECDSA256: ssh.CertAlgoECDSA256v01, ssh.KeyAlgoECDSA384: ssh.CertAlgoECDSA384v01, ssh.KeyAlgoECDSA521: ssh.CertAlgoECDSA521v01,
		ssh.KeyAlgoED25519: ssh.CertAlgoED25519v01, ssh.KeyAlgoSKED25519: ssh.CertAlgoSKED25519v01, ssh.KeyAlgoSKECDSA256: ssh.CertAlgoSKECDSA256v01,
	}[algorithm]
}

// HostKeys returns the algorithms of host keys, of which the usual ones begin with those of certificates.
func HostKeys() List {
	var usual []string
	for _, name := range usualKeys() {
		usual = append(usual, Certified(name))
	}
	usual = append(usual, usualKeys()...)
	all := distinct.Of(slices.Concat(usual, ssh.SupportedAlgorithms().HostKeys, ssh.InsecureAlgorithms().HostKeys))
	return List{"HostKeyAlgorithms", usual, all}
}

// UserKeys returns the algorithms of users' keys, with those of certificates.
func UserKeys() List {
	usual := append(usualKeys(), ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256)
	all := distinct.Of(slices.Concat(usual, ssh.SupportedAlgorithms().PublicKeyAuths, []string{ssh.KeyAlgoRSA}))
	for _, list := range []*[]string{&usual, &all} {
		for _, name := range slices.Clone(*list) {
			if certified := Certified(name); certified != "" {
				*list = append(*list, certified)
			}
		}
	}
	return List{"PubkeyAcceptedAlgorithms", usual, all}
}

// Authorities returns the algorithms by which authorities sign certificates of hosts. SHA-1 is not enough without the
// option, as in OpenSSH.
func Authorities() List {
	usual := ssh.SupportedAlgorithms().PublicKeyAuths
	return List{"CASignatureAlgorithms", usual, slices.Concat(usual, []string{ssh.KeyAlgoRSA})}
}

// wireLists are the lists of the key exchange and of the encryption.
func wireLists() (kex, ciphers, macs List) {
	sound, weak := ssh.SupportedAlgorithms(), ssh.InsecureAlgorithms()
	kex = List{"KexAlgorithms", usualKeyExchanges(), slices.Concat(sound.KeyExchanges, weak.KeyExchanges)}
	ciphers = List{"Ciphers", usualCiphers(), slices.Concat(sound.Ciphers, weak.Ciphers)}
	macs = List{"MACs", usualMACs(), slices.Concat(sound.MACs, weak.MACs)}
	return kex, ciphers, macs
}

// Wire returns those of the key exchange and of the encryption, by the options of a host.
func Wire(o sshconfig.Settings) (config ssh.Config, err error) {
	kex, ciphers, macs := wireLists()
	if config.KeyExchanges, err = kex.ChooseOrUsual(o.KexAlgorithms); err != nil {
		return config, err
	}
	if config.Ciphers, err = ciphers.ChooseOrUsual(o.Ciphers); err != nil {
		return config, err
	}
	config.MACs, err = macs.ChooseOrUsual(o.MACs)
	return config, err
}
