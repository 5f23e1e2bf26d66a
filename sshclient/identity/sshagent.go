package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

const (
	// listLimit is how long an ssh-agent may take to name its keys, all hosts together: one that hangs must not keep
	// the hosts that have another key.
	listLimit = 3 * time.Second
	// signLimit is how long it may take to sign: it may ask a person to allow it, or to touch a security key.
	signLimit = time.Minute
)

// agentClient is the connection to a user's ssh-agent. An agent may take its time, as when it asks its user, or hang:
// no caller waits for it longer than its context and the limits above say. What still waits then belongs to the
// client, and ends with it. It is asked for one signature at a time, whatever the number of hosts: that is what agents do at
// once anyway, and a user can touch one security key at a time.
type agentClient struct {
	cancel  context.CancelFunc
	calls   sync.WaitGroup
	late    context.Context // ends when the list of keys is overdue
	turn    chan struct{}   // holds one token while a signature is awaited
	listed  chan struct{}   // closed when what is below is there
	conn    net.Conn
	keys    []ssh.Signer
	listErr error
}

// startAgentClient connects and asks for the keys.
func startAgentClient(socket string) *agentClient {
	ctx, cancel := context.WithCancel(context.Background())
	a := &agentClient{turn: make(chan struct{}, 1), listed: make(chan struct{})}
	var cancelLate context.CancelFunc
	a.late, cancelLate = context.WithTimeout(ctx, listLimit)
	a.cancel = func() { cancel(); cancelLate() }
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
func (a *agentClient) close() {
	a.cancel()
	a.calls.Wait()
}

var errAgentLate = errors.New("ssh-agent: no answer in time")

// signers returns the agent's keys. They sign while ctx lasts.
func (a *agentClient) signers(ctx context.Context, untimed Untimed) ([]ssh.Signer, error) {
	select {
	case <-a.listed:
	case <-ctx.Done():
		return nil, fmt.Errorf("ssh-agent: %w", context.Cause(ctx))
	case <-a.late.Done():
		select {
		case <-a.listed:
		default:
			return nil, errAgentLate
		}
	}
	if a.listErr != nil {
		return nil, fmt.Errorf("ssh-agent: %w", a.listErr)
	}
	signers := make([]ssh.Signer, 0, len(a.keys))
	for _, key := range a.keys {
		if able, ok := key.(ssh.AlgorithmSigner); ok {
			signers = append(signers, &agentSigner{AlgorithmSigner: able, client: a, ctx: ctx, untimed: untimed})
		}
	}
	return signers, nil
}

// agentSigner is a key of the ssh-agent, for one connection.
type agentSigner struct {
	ssh.AlgorithmSigner
	client  *agentClient
	ctx     context.Context // of the connection; ssh.Signer has no room for one
	untimed Untimed
}

// Sign implements ssh.Signer.
func (s *agentSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (s *agentSigner) SignWithAlgorithm(random io.Reader, data []byte, algorithm string) (signature *ssh.Signature, err error) {
	s.untimed(func() {
		signature, err = s.client.sign(s.ctx, func() (*ssh.Signature, error) {
			return s.AlgorithmSigner.SignWithAlgorithm(random, data, algorithm)
		})
	})
	return signature, err
}

// sign has something signed when its turn has come.
func (a *agentClient) sign(ctx context.Context, do func() (*ssh.Signature, error)) (*ssh.Signature, error) {
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	type result struct {
		signature *ssh.Signature
		err       error
	}
	done := make(chan result, 1)
	a.calls.Go(func() {
		signature, err := do()
		<-a.turn
		done <- result{signature, err}
	})
	limit := time.NewTimer(signLimit)
	defer limit.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("ssh-agent: %w", r.err)
		}
		return r.signature, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-limit.C:
		a.cancel() // the others who wait for their turn must not wait as long
		return nil, errors.New("the ssh-agent did not sign in time")
	}
}
