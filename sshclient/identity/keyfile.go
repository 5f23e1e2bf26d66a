package identity

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
)

// keyFile is what an identity file has: a signer, or an error.
type keyFile struct {
	path   string
	signer ssh.Signer
	err    error
	// public is the public half, where it can be told. Without a signer, the ssh-agent may have the other.
	public ssh.PublicKey
	// locked is the text of a key with a passphrase.
	locked []byte
	// certificate is what stands beside the key as NAME-cert.pub, or nil.
	certificate *ssh.Certificate
}

// readKey reads an identity file and what stands beside it.
func readKey(ctx context.Context, path string) *keyFile {
	f := &keyFile{path: path}
	text, err := readFile(ctx, path)
	if err != nil {
		f.err = fmt.Errorf("can't read identity file %s: %w", path, fault.WithoutPath(err))
	} else {
		f.parse(text)
	}
	if f.public == nil {
		f.public, _ = readPublicKey(ctx, path+".pub")
	}
	if certificate, err := readCertificate(ctx, path+"-cert.pub"); err == nil {
		f.certificate = certificate
	}
	if f.public == nil && f.certificate != nil {
		f.public = f.certificate.Key
	}
	if f.public == nil && f.locked != nil {
		f.err = errHidesPublicKey(path)
	}
	if f.public != nil && errors.Is(f.err, os.ErrNotExist) {
		f.err = fmt.Errorf("identity file %s is missing, and the ssh-agent lacks the private key that belongs to its public one: %w", path, os.ErrNotExist)
	}
	return f
}

// parse finds out what a file has.
func (f *keyFile) parse(text []byte) {
	signer, err := parsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		f.public, f.locked = locked.PublicKey, text
		f.err = fmt.Errorf("identity file %s has a passphrase: add it to the ssh-agent with ssh-add", f.path)
	case err != nil:
		if f.public, _ = parsePublicKey(text); f.public != nil {
			f.err = fmt.Errorf("identity file %s is a public key, and the ssh-agent lacks the private one", f.path)
			return
		}
		f.err = unreadableKey(f.path, text, err)
	default:
		f.signer, f.public = signer, signer.PublicKey()
	}
	if err := checkPrivate(f.path); err != nil {
		f.signer, f.locked, f.err = nil, nil, err
	}
}

func readPublicKey(ctx context.Context, path string) (ssh.PublicKey, error) {
	text, err := readFile(ctx, path)
	if err != nil {
		return nil, err
	}
	return parsePublicKey(text)
}

func parsePublicKey(text []byte) (ssh.PublicKey, error) {
	key, _, options, _, err := ssh.ParseAuthorizedKey(text)
	if err == nil && len(options) > 0 {
		err = errors.New("something stands before the key")
	}
	if err != nil {
		return nil, err
	}
	return key, nil
}

func readCertificate(ctx context.Context, path string) (*ssh.Certificate, error) {
	key, err := readPublicKey(ctx, path)
	if err != nil {
		return nil, err
	}
	certificate, ok := key.(*ssh.Certificate)
	if !ok {
		return nil, errors.New("it is a key and no certificate")
	}
	return certificate, nil
}
