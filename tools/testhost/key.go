package testhost

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
)

// WriteKey makes an ed25519 key pair and writes it as ssh-keygen does, without a passphrase: the private key to
// path, with mode 0600, and the public one to path + ".pub". Neither file may exist.
func WriteKey(path, comment string) (ssh.PublicKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(private, comment)
	if err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	if err := writeNew(path, pem.EncodeToMemory(block), 0o600); err != nil {
		return nil, err
	}
	return key, writeNew(path+".pub", publicLine(key, comment), 0o644)
}

// publicLine is a line of an authorized_keys or .pub file.
func publicLine(key ssh.PublicKey, comment string) []byte {
	line := ssh.MarshalAuthorizedKey(key)
	return append(line[:len(line)-1], " "+comment+"\n"...)
}

// readPublicKey reads the public key that goes with the private key at path.
func readPublicKey(path string) (ssh.PublicKey, error) {
	text, err := os.ReadFile(path + ".pub")
	if err != nil {
		return nil, err
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s.pub: %w", path, err)
	}
	return key, nil
}

func writeNew(path string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
