package sshclient

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"sloth-runner/internal/fault"
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
func (k *Keyring) fromAgent(ctx context.Context, o sshconfig.Settings, patiently patience) ([]ssh.Signer, error) {
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
	return a.signers(ctx, patiently)
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

// certificateOf returns a key as a certificate, also one that the ssh-agent has; nil when it is none.
func certificateOf(key ssh.PublicKey) *ssh.Certificate {
	if listed, ok := key.(*agent.Key); ok {
		parsed, err := ssh.ParsePublicKey(listed.Blob)
		if err != nil {
			return nil
		}
		key = parsed
	}
	certificate, _ := key.(*ssh.Certificate)
	return certificate
}
