package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentClient is the connection to the user's ssh-agent. An agent may take its time, as when it asks its user, or
// hang: no caller waits for it longer than its context says. What still waits then belongs to the client, and ends
// with it.
type agentClient struct {
	cancel  context.CancelFunc
	calls   sync.WaitGroup
	listed  chan struct{} // closed when what is below is there
	conn    net.Conn
	keys    []ssh.Signer
	listErr error
}

// startAgentClient connects and asks for the keys.
func startAgentClient(socket string) *agentClient {
	ctx, cancel := context.WithCancel(context.Background())
	a := &agentClient{cancel: cancel, listed: make(chan struct{})}
	a.calls.Go(func() {
		defer close(a.listed)
		if a.conn, a.listErr = new(net.Dialer).DialContext(ctx, "unix", socket); a.listErr != nil {
			return
		}
		a.calls.Go(func() {
			<-ctx.Done()
			a.conn.Close()
		})
		a.keys, a.listErr = agent.NewClient(a.conn).Signers()
	})
	return a
}

// close ends the connection and waits for all calls.
func (a *agentClient) close() error {
	a.cancel()
	a.calls.Wait()
	return nil
}

// signers returns the agent's keys. They sign while ctx lasts.
func (a *agentClient) signers(ctx context.Context) ([]ssh.Signer, error) {
	select {
	case <-a.listed:
	case <-ctx.Done():
		return nil, fmt.Errorf("ssh-agent: %w", context.Cause(ctx))
	}
	if a.listErr != nil {
		return nil, fmt.Errorf("ssh-agent: %w", a.listErr)
	}
	signers := make([]ssh.Signer, 0, len(a.keys))
	for _, key := range a.keys {
		if able, ok := key.(ssh.AlgorithmSigner); ok {
			signers = append(signers, &agentSigner{AlgorithmSigner: able, client: a, ctx: ctx})
		}
	}
	return signers, nil
}

// agentSigner is a key of the ssh-agent, for one connection.
type agentSigner struct {
	ssh.AlgorithmSigner
	client *agentClient
	ctx    context.Context // of the connection; ssh.Signer has no room for one
}

// Sign implements ssh.Signer.
func (s *agentSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (s *agentSigner) SignWithAlgorithm(random io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	type result struct {
		signature *ssh.Signature
		err       error
	}
	done := make(chan result, 1)
	s.client.calls.Go(func() {
		signature, err := s.AlgorithmSigner.SignWithAlgorithm(random, data, algorithm)
		done <- result{signature, err}
	})
	select {
	case r := <-done:
		return r.signature, r.err
	case <-s.ctx.Done():
		return nil, errors.New("the ssh-agent did not sign in time")
	}
}
