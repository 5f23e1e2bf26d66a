package bootstrap

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Keyring has the keys to authenticate with: those of the ssh-agent and those in files. Each is read once, however
// many hosts need it. Safe for concurrent use; it must be closed.
type Keyring struct {
	// Socket is the ssh-agent's, as SSH_AUTH_SOCK says; "": none.
	Socket string
	// Home is where the usual identity files are.
	Home string

	agentOnce    sync.Once
	agentConn    net.Conn
	agentSigners []ssh.Signer
	agentErr     error

	mu    sync.Mutex
	files map[string]*keyFile
}

type keyFile struct {
	signer ssh.Signer
	err    error
}

// usualFiles are the identity files that ssh(1) tries by itself, and Go has.
var usualFiles = [...]string{"id_ed25519", "id_ecdsa", "id_rsa"}

// Signers returns the keys to offer, best first: the files that were asked for, then the ssh-agent's keys, then, when
// no file was asked for, the usual files. Servers count offers (MaxAuthTries in sshd_config(5)), so that a key that was
// asked for must not stand behind a full agent. problems says what could not be used.
func (k *Keyring) Signers(identityFiles []string) (signers []ssh.Signer, problems []error) {
	seen := map[string]bool{}
	add := func(signer ssh.Signer) {
		if id := string(signer.PublicKey().Marshal()); !seen[id] {
			seen[id] = true
			signers = append(signers, signer)
		}
	}
	for _, path := range identityFiles {
		if signer, err := k.file(path); err != nil {
			problems = append(problems, err)
		} else {
			add(signer)
		}
	}
	fromAgent, err := k.fromAgent()
	if err != nil {
		problems = append(problems, err)
	}
	for _, signer := range fromAgent {
		add(signer)
	}
	if len(identityFiles) > 0 {
		return signers, problems
	}
	for _, name := range usualFiles {
		signer, err := k.file(filepath.Join(k.Home, ".ssh", name))
		switch {
		case err == nil:
			add(signer)
		case !errors.Is(err, os.ErrNotExist):
			problems = append(problems, err)
		}
	}
	return signers, problems
}

// Close ends the connection to the ssh-agent.
func (k *Keyring) Close() error {
	k.agentOnce.Do(func() {})
	if k.agentConn == nil {
		return nil
	}
	return k.agentConn.Close()
}

func (k *Keyring) file(path string) (ssh.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.files[path]; known != nil {
		return known.signer, known.err
	}
	signer, err := readKey(path)
	if k.files == nil {
		k.files = map[string]*keyFile{}
	}
	k.files[path] = &keyFile{signer, err}
	return signer, err
}

func readKey(path string) (ssh.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("identity file: %w", err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		return nil, fmt.Errorf("identity file %s has a passphrase: add it to the ssh-agent with ssh-add", path)
	}
	if err != nil {
		return nil, fmt.Errorf("identity file %s is not a private key that can be read: %w", path, err)
	}
	return signer, nil
}

func (k *Keyring) fromAgent() ([]ssh.Signer, error) {
	k.agentOnce.Do(func() {
		if k.Socket == "" {
			return
		}
		if k.agentConn, k.agentErr = net.Dial("unix", k.Socket); k.agentErr != nil {
			k.agentErr = fmt.Errorf("ssh-agent: %w", k.agentErr)
			return
		}
		if k.agentSigners, k.agentErr = agent.NewClient(k.agentConn).Signers(); k.agentErr != nil {
			k.agentErr = fmt.Errorf("ssh-agent: %w", k.agentErr)
		}
	})
	return k.agentSigners, k.agentErr
}
