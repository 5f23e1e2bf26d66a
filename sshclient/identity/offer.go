package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// Untimed calls do without the limit of the current stage: do waits for the user.
type Untimed func(do func())

// Signers returns the keys to offer, best first, as pubkey_prepare in OpenSSH's sshconnect2.c does: certificates that were
// asked for; files that were asked for; where none was, those of the usual files whose key the ssh-agent has; the
// ssh-agent's other keys; the other usual files. Each certificate stands before its plain key. Servers count offers
// (MaxAuthTries in sshd_config(5)), so that a key that was asked for, or is the user's own, must not stand behind a full
// agent. In this, files that were asked for go further than with OpenSSH, which puts those that the agent lacks last.
// problems says what could not be used. ctx limits the use of the ssh-agent and the asking for passphrases, also by the
// signers.
func (k *Keyring) Signers(ctx context.Context, o sshconfig.Settings, untimed Untimed) (signers []ssh.Signer, problems []error) {
	fromAgent, agentErr := k.fromAgent(ctx, o, untimed)
	of := &offer{keyring: k, ctx: ctx, untimed: untimed, fromAgent: fromAgent}
	var named, usual []*keyFile
	for _, path := range withoutNone(o.IdentityFiles) {
		named = append(named, k.file(ctx, path))
	}
	if len(o.IdentityFiles) == 0 {
		usual = k.usual(ctx)
	}
	of.certificates(withoutNone(o.CertificateFiles), append(named[:len(named):len(named)], usual...))
	of.files(named)
	if agentErr != nil {
		of.problems = append(of.problems, agentErr)
	}
	of.held(usual)
	if !o.IdentitiesOnly {
		of.add(fromAgent...)
	}
	of.files(usual)
	return of.signers, of.problems
}

// withoutNone leaves out "none", which only turns off the default files.
func withoutNone(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return path == "none" })
}

// offer is a list of keys without repetition, and what is not on it.
type offer struct {
	keyring   *Keyring
	ctx       context.Context // of the connection; ssh.Signer has no room for one
	untimed   Untimed
	fromAgent []ssh.Signer

	signers  []ssh.Signer
	problems []error
}

func (o *offer) add(signers ...ssh.Signer) {
	for _, signer := range signers {
		if find(o.signers, signer.PublicKey()) == nil {
			o.signers = append(o.signers, signer)
		}
	}
}

// files adds the keys of files, each after its certificates.
func (o *offer) files(files []*keyFile) {
	for _, file := range files {
		signer := o.signer(file)
		if signer == nil {
			o.problems = append(o.problems, file.err)
			continue
		}
		o.certified(signer, file.certificate)
		for _, other := range o.fromAgent {
			if certificate := pubkey.Certificate(other.PublicKey()); certificate != nil && pubkey.Same(certificate.Key, file.public) {
				o.add(other)
			}
		}
		o.add(signer)
	}
}

// held adds the keys of those files that the ssh-agent has as well.
func (o *offer) held(files []*keyFile) {
	for _, file := range files {
		if file.public != nil && find(o.fromAgent, file.public) != nil {
			o.files([]*keyFile{file})
		}
	}
}

// signer returns what signs with the key of a file: the file, the ssh-agent that has its key, or the file once a
// person has given its passphrase. nil: nothing does.
func (o *offer) signer(file *keyFile) ssh.Signer {
	if file.signer != nil {
		return file.signer
	}
	if file.public == nil {
		return nil
	}
	if signer := find(o.fromAgent, file.public); signer != nil {
		return signer
	}
	if file.locked != nil && o.keyring.Ask != nil {
		return &lockedSigner{keyring: o.keyring, file: file, ctx: o.ctx, untimed: o.untimed}
	}
	return nil
}

// certificates adds those in files, by the keys that they were made for.
func (o *offer) certificates(paths []string, files []*keyFile) {
	for _, path := range paths {
		certificate, err := readCertificate(o.ctx, path)
		if err != nil {
			o.problems = append(o.problems, fmt.Errorf("certificate %s: %w", path, err))
			continue
		}
		signer := find(o.fromAgent, certificate.Key)
		for _, file := range files {
			if file.public != nil && pubkey.Same(file.public, certificate.Key) {
				signer = o.signer(file)
				break
			}
		}
		if signer == nil {
			o.problems = append(o.problems, fmt.Errorf("certificate %s: no private key for it was found", path))
			continue
		}
		o.certified(signer, certificate)
	}
}

// certified adds a certificate for a key, if there is one and it is one for that key.
func (o *offer) certified(signer ssh.Signer, certificate *ssh.Certificate) {
	if certificate == nil || !pubkey.Same(certificate.Key, signer.PublicKey()) {
		return
	}
	if until := certificate.ValidBefore; until != ssh.CertTimeInfinity && time.Now().After(time.Unix(int64(until), 0)) {
		o.problems = append(o.problems, fmt.Errorf("the certificate %q ended at %s", certificate.KeyId, time.Unix(int64(until), 0).Format(time.RFC3339)))
	}
	certifiedSigner, err := ssh.NewCertSigner(certificate, signer)
	if err != nil {
		o.problems = append(o.problems, fmt.Errorf("certificate %q: %w", certificate.KeyId, err))
		return
	}
	o.add(certifiedSigner)
}

func find(signers []ssh.Signer, key ssh.PublicKey) ssh.Signer {
	for _, signer := range signers {
		if pubkey.Same(signer.PublicKey(), key) {
			return signer
		}
	}
	return nil
}
