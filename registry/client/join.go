package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"sloth-runner/internal/distinct"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// Join makes a key and gets a certificate for it with a token, from the first master that answers. name must be the
// name in the token. It returns the addresses of all masters: the one that answered first, then those in its answer,
// then the others that were given.
func Join(ctx context.Context, addresses []string, token trust.Token, name string) (c *trust.Credentials, masters []string, err error) {
	key, err := trust.NewKey()
	if err != nil {
		return nil, nil, err
	}
	request, err := trust.Request(key)
	if err != nil {
		return nil, nil, err
	}
	var authority seen
	m := newMasters(overTLS(func() *tls.Config { return token.JoiningConfig(authority.set) }), nil, addresses)
	defer m.Close()
	var answer *proto.JoinResponse
	err = m.Do(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = client.Join(ctx, &proto.JoinRequest{Secret: token.Secret[:], Request: request, Name: name})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	c = &trust.Credentials{Key: key, Authority: authority.get()}
	if c, err = complete(c, answer, time.Now()); err != nil {
		return nil, nil, unusable(m.Addresses()[0], err)
	}
	given := m.Addresses()
	return c, distinct.Of(given[:1], answer.GetMasters(), given), nil
}

// Complete makes credentials from a master's answer to a certificate request with the key, for instance on behalf of an
// agent (RFC 2986). The authority is taken from the answer, so the caller must trust the master already.
func Complete(c *trust.Credentials, answer *proto.JoinResponse) (*trust.Credentials, error) {
	authority, err := x509.ParseCertificate(answer.GetAuthority())
	if err != nil {
		return nil, errors.New("the authority's certificate can't be read")
	}
	with := *c
	with.Authority = authority
	return complete(&with, answer, time.Now())
}

// complete adds a master's answer to credentials that have a key and an authority, and checks them.
func complete(c *trust.Credentials, answer *proto.JoinResponse, now time.Time) (*trust.Credentials, error) {
	cert, err := x509.ParseCertificate(answer.GetCertificate())
	if err != nil {
		return nil, errors.New("the certificate can't be read")
	}
	c = c.WithCertificate(cert)
	if der := answer.GetRevocations(); len(der) > 0 {
		revocations, err := trust.ParseRevocations(der, c.Authority)
		if err != nil {
			return nil, err
		}
		c = c.WithRevocations(revocations)
	}
	return c, c.Check(now)
}

// unusable returns the error for a master whose answer can't be used.
func unusable(address string, err error) error {
	return &fault.Error{Stage: fault.Authenticate, Host: address, Err: fmt.Errorf("the master's answer can't be used: %w", err), Hint: fault.Hint(err)}
}

// seen is the authority of a connection.
type seen struct {
	mu   sync.Mutex
	cert *x509.Certificate
}

func (s *seen) set(cert *x509.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cert = cert
}

func (s *seen) get() *x509.Certificate {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cert
}
