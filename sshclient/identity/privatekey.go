package identity

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/privatekey"
)

// parsePrivateKey reads a private key, of any format that ssh(1) reads. The error is a *ssh.PassphraseMissingError where it has
// a passphrase.
func parsePrivateKey(text []byte) (ssh.Signer, error) {
	if block, _ := pem.Decode(text); block != nil && block.Type == privatekey.PKCS8Type {
		return nil, &ssh.PassphraseMissingError{}
	}
	return ssh.ParsePrivateKey(text)
}

// openPrivateKey reads one that has a passphrase. The error is x509.IncorrectPasswordError where it is wrong.
func openPrivateKey(text, passphrase []byte) (ssh.Signer, error) {
	block, _ := pem.Decode(text)
	switch {
	case block != nil && block.Type == privatekey.PKCS8Type:
		key, err := privatekey.OpenPKCS8(block.Bytes, passphrase)
		if err != nil {
			return nil, err
		}
		return ssh.NewSignerFromKey(key)
	case block != nil && block.Type == privatekey.OpenSSHType:
		plain, err := privatekey.OpenOpenSSH(block.Bytes, passphrase)
		if err != nil {
			return nil, err
		}
		return ssh.ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: plain}))
	}
	return ssh.ParsePrivateKeyWithPassphrase(text, passphrase)
}

// unreadableKey says what a file is that is no private key which can be read, and what makes one of it.
func unreadableKey(path string, text []byte, err error) error {
	switch {
	case bytes.HasPrefix(text, []byte("PuTTY-User-Key-File-")):
		return fmt.Errorf("identity file %s has the format of PuTTY: puttygen %s -O private-openssh -o NEW writes it in that of OpenSSH", path, path)
	case bytes.HasPrefix(text, []byte("---- BEGIN SSH2 ")):
		return fmt.Errorf("identity file %s has the format of ssh.com (RFC 4716): ssh-keygen -i -f %s writes it in that of OpenSSH", path, path)
	case strings.Contains(err.Error(), "unhandled key type"):
		return fmt.Errorf("identity file %s has a key, as one on a FIDO token, that is used through the ssh-agent only: add it with ssh-add", path)
	}
	return fmt.Errorf("identity file %s is not a private key that can be read: %w", path, err)
}

// errHidesPublicKey is of a key with a passphrase that can't be offered, as what is offered is the public half.
func errHidesPublicKey(path string) error {
	return errors.New("identity file " + path + " has a passphrase, and its format hides the public key: ssh-keygen -y -f " + path +
		" > " + path + ".pub writes that beside it; or add it to the ssh-agent with ssh-add")
}
