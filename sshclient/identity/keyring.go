package identity

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshconfig"
)

// Asker asks a person for a secret, and returns soon after ctx ends.
type Asker func(ctx context.Context, prompt string) (string, error)

// Keyring has the keys to authenticate with: those of ssh-agents and those in files. Each is read once, however many
// hosts need it, and a person is asked for its passphrase once. Safe for concurrent use; it must be closed.
type Keyring struct {
	// Socket is the ssh-agent's, as SSH_AUTH_SOCK says; "": none.
	Socket string
	// Home is where the usual identity files are.
	Home string
	// Ask asks for the passphrases of keys, when a server has said that it takes the key; nil: nobody is there, and
	// such keys are not offered.
	Ask Asker

	mu     sync.Mutex
	closed bool
	agents map[string]*agentClient // by socket
	files  map[string]*keyReading  // by path; nil as long as none was needed
	// readCtx is that of reading files, which endReads ends; reads are those that are under way.
	readCtx  context.Context
	endReads context.CancelFunc
	reads    sync.WaitGroup

	unlocking unlocking
}

// usualFiles are the identity files that ssh(1) tries by itself.
var usualFiles = [...]string{"id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"}

// Close ends the connections to ssh-agents, what still waits for them, and the asking.
func (k *Keyring) Close() error {
	k.mu.Lock()
	k.closed = true
	agents := k.agents
	k.agents = nil
	k.mu.Unlock()
	for _, a := range agents {
		a.close()
	}
	k.unlocking.close()
	k.stopReading()
	return nil
}

// fromAgent returns the keys of the ssh-agent that the options choose.
func (k *Keyring) fromAgent(ctx context.Context, o sshconfig.Settings, untimed Untimed) ([]ssh.Signer, error) {
	socket := o.IdentityAgent
	switch socket {
	case "", "SSH_AUTH_SOCK":
		socket = k.Socket
	case "none":
		return nil, nil
	}
	if socket == "" {
		return nil, nil
	}
	a := k.agent(socket)
	if a == nil {
		return nil, errors.New("ssh-agent: the keyring is closed")
	}
	return a.signers(ctx, untimed)
}

// agent returns the connection to an ssh-agent, or nil after Close.
func (k *Keyring) agent(socket string) *agentClient {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil
	}
	if k.agents == nil {
		k.agents = map[string]*agentClient{}
	}
	if k.agents[socket] == nil {
		k.agents[socket] = startAgentClient(socket)
	}
	return k.agents[socket]
}

// usual returns the usual files that exist, or whose public key or certificate does: the ssh-agent may have the private one.
func (k *Keyring) usual(ctx context.Context) []*keyFile {
	var files []*keyFile
	for _, name := range usualFiles {
		file := k.file(ctx, filepath.Join(k.Home, ".ssh", name))
		if file.public != nil || !errors.Is(file.err, os.ErrNotExist) {
			files = append(files, file)
		}
	}
	return files
}
