package identity

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/pubkey"
)

// passphraseTries is how often a person may err, as NumberOfPasswordPrompts in ssh_config(5).
const passphraseTries = 3

// unlocking is the asking for passphrases: one question at a time, and one for each key. The zero value is ready.
type unlocking struct {
	mu     sync.Mutex
	ctx    context.Context // of all questions; close ends it
	cancel context.CancelFunc
	keys   map[*keyFile]*unlocked
	asking sync.WaitGroup
	turn   sync.Mutex // of the one question that is being asked
}

// unlocked is a key that was, or is being, unlocked.
type unlocked struct {
	done   chan struct{} // closed when the rest is there
	signer ssh.Signer
	err    error
}

// key returns the signer of a locked file. Everybody who needs it waits for the same answer.
func (u *unlocking) key(ctx context.Context, ask Asker, file *keyFile) (ssh.Signer, error) {
	key := u.begin(ask, file)
	select {
	case <-key.done:
		return key.signer, key.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (u *unlocking) begin(ask Asker, file *keyFile) *unlocked {
	u.mu.Lock()
	defer u.mu.Unlock()
	if key := u.keys[file]; key != nil {
		return key
	}
	u.start()
	key := &unlocked{done: make(chan struct{})}
	u.keys[file] = key
	u.asking.Go(func() {
		defer close(key.done)
		u.turn.Lock()
		defer u.turn.Unlock()
		key.signer, key.err = unlock(u.ctx, ask, file)
	})
	return key
}

// start makes the context of all questions.
func (u *unlocking) start() {
	if u.ctx == nil {
		u.ctx, u.cancel = context.WithCancel(context.Background())
		u.keys = map[*keyFile]*unlocked{}
	}
}

// close takes back the question that is being asked, and waits for that.
func (u *unlocking) close() {
	u.mu.Lock()
	u.start()
	u.cancel()
	u.mu.Unlock()
	u.asking.Wait()
}

// unlock asks until the passphrase is right.
func unlock(ctx context.Context, ask Asker, file *keyFile) (ssh.Signer, error) {
	question := "passphrase of " + file.path
	for range passphraseTries {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		passphrase, err := ask(ctx, question)
		if err != nil {
			return nil, fmt.Errorf("identity file %s has a passphrase: %w", file.path, err)
		}
		if passphrase == "" {
			break
		}
		signer, err := openPrivateKey(file.locked, []byte(passphrase))
		if err == nil {
			return signer, nil
		}
		if !errors.Is(err, x509.IncorrectPasswordError) {
			return nil, fmt.Errorf("identity file %s is not a private key that can be read: %w; ssh-keygen -p -f %s writes it anew, in OpenSSH's format",
				file.path, err, file.path)
		}
		question = "that was not right; passphrase of " + file.path
	}
	return nil, fmt.Errorf("identity file %s has a passphrase, which was not given", file.path)
}

// lockedSigner is the key of a file with a passphrase, for one connection. Only when it has to sign, which is when the
// server has said that it takes the key, is a person asked.
type lockedSigner struct {
	keyring *Keyring
	file    *keyFile
	ctx     context.Context // of the connection; ssh.Signer has no room for one
	untimed Untimed
}

// PublicKey implements ssh.Signer.
func (s *lockedSigner) PublicKey() ssh.PublicKey { return s.file.public }

// Sign implements ssh.Signer.
func (s *lockedSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (s *lockedSigner) SignWithAlgorithm(random io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	var signer ssh.Signer
	var err error
	s.untimed(func() { signer, err = s.keyring.unlocking.key(s.ctx, s.keyring.Ask, s.file) })
	if err != nil {
		return nil, err
	}
	if !pubkey.Same(signer.PublicKey(), s.file.public) {
		return nil, fmt.Errorf("identity file %s is another key than %s.pub says", s.file.path, s.file.path)
	}
	able, ok := signer.(ssh.AlgorithmSigner)
	if !ok {
		return signer.Sign(random, data)
	}
	return able.SignWithAlgorithm(random, data, algorithm)
}
