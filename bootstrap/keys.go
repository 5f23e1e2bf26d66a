package bootstrap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"
)

// Keyring has the keys to authenticate with: those of the ssh-agent and those in files. Each is read once, however
// many hosts need it. Safe for concurrent use; it must be closed.
type Keyring struct {
	// Socket is the ssh-agent's, as SSH_AUTH_SOCK says; "": none.
	Socket string
	// Home is where the usual identity files are.
	Home string

	agentOnce sync.Once
	agent     *agentClient

	mu    sync.Mutex
	files map[string]*keyFile
}

// keyFile is what an identity file has: a signer, or an error.
type keyFile struct {
	signer ssh.Signer
	err    error
	// locked is the public half of a key with a passphrase, where the file's format tells it.
	locked ssh.PublicKey
}

// usualFiles are the identity files that ssh(1) tries by itself, and Go has.
var usualFiles = [...]string{"id_ed25519", "id_ecdsa", "id_rsa"}

// Signers returns the keys to offer, best first: the files that were asked for, then the ssh-agent's keys, then, when
// no file was asked for, the usual files. Servers count offers (MaxAuthTries in sshd_config(5)), so that a key that was
// asked for must not stand behind a full agent, also when its file has a passphrase and the agent has the key. problems
// says what could not be used. ctx limits the use of the ssh-agent, also by the signers.
func (k *Keyring) Signers(ctx context.Context, identityFiles []string) (signers []ssh.Signer, problems []error) {
	fromAgent, agentErr := k.fromAgent(ctx)
	var offer offer
	for _, path := range identityFiles {
		offer.file(k.file(path), fromAgent)
	}
	if agentErr != nil {
		offer.problems = append(offer.problems, agentErr)
	}
	offer.add(fromAgent...)
	if len(identityFiles) > 0 {
		return offer.signers, offer.problems
	}
	for _, name := range usualFiles {
		if key := k.file(filepath.Join(k.Home, ".ssh", name)); !errors.Is(key.err, os.ErrNotExist) {
			offer.file(key, fromAgent)
		}
	}
	return offer.signers, offer.problems
}

// offer is a list of keys without repetition, and what is not on it.
type offer struct {
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

// file adds the key of a file, by way of the ssh-agent when the file is locked and the agent has it.
func (o *offer) file(key *keyFile, fromAgent []ssh.Signer) {
	switch {
	case key.err == nil:
		o.add(key.signer)
	case key.locked != nil && find(fromAgent, key.locked) != nil:
		o.add(find(fromAgent, key.locked))
	default:
		o.problems = append(o.problems, key.err)
	}
}

func find(signers []ssh.Signer, key ssh.PublicKey) ssh.Signer {
	for _, signer := range signers {
		if bytes.Equal(signer.PublicKey().Marshal(), key.Marshal()) {
			return signer
		}
	}
	return nil
}

// Close ends the connection to the ssh-agent, and what still waits for it.
func (k *Keyring) Close() error {
	// A keyring that was never used has no connection, and gets none any more.
	k.agentOnce.Do(func() {})
	if k.agent == nil {
		return nil
	}
	return k.agent.close()
}

func (k *Keyring) fromAgent(ctx context.Context) ([]ssh.Signer, error) {
	if k.Socket == "" {
		return nil, nil
	}
	k.agentOnce.Do(func() { k.agent = startAgentClient(k.Socket) })
	if k.agent == nil {
		return nil, errors.New("ssh-agent: the keyring is closed")
	}
	return k.agent.signers(ctx)
}

func (k *Keyring) file(path string) *keyFile {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.files[path]; known != nil {
		return known
	}
	if k.files == nil {
		k.files = map[string]*keyFile{}
	}
	k.files[path] = readKey(path)
	return k.files[path]
}

func readKey(path string) *keyFile {
	text, err := os.ReadFile(path)
	if err != nil {
		return &keyFile{err: fmt.Errorf("identity file: %w", err)}
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		return &keyFile{locked: locked.PublicKey, err: fmt.Errorf("identity file %s has a passphrase: add it to the ssh-agent with ssh-add", path)}
	}
	if err != nil {
		return &keyFile{err: fmt.Errorf("identity file %s is not a private key that can be read: %w", path, err)}
	}
	return &keyFile{signer: signer}
}
