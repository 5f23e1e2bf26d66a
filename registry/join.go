package registry

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"time"

	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// maxRequest limits a certificate request, in bytes. One for an ECDSA key has about 200.
const maxRequest = 4 << 10

func badRequest(err error) error {
	return refuse(codes.InvalidArgument, "", "%w", err)
}

// Join implements Registry.Join.
func (s *Service) Join(ctx context.Context, r *proto.JoinRequest) (*proto.JoinResponse, error) {
	id, cert, err := s.join(ctx, r)
	what := id.String()
	if id.Role == "" {
		what = "as " + printable(r.GetName())
	}
	if err := s.done(ctx, "Join", what, err); err != nil {
		return nil, err
	}
	s.roster.touch()
	return s.welcome(cert), nil
}

func (s *Service) join(ctx context.Context, r *proto.JoinRequest) (id trust.Identity, cert *x509.Certificate, err error) {
	if len(r.GetRequest()) > maxRequest {
		return id, nil, refuse(codes.InvalidArgument, "", "the certificate request is too large")
	}
	hash := trust.HashSecret(r.GetSecret())
	key := tokenPrefix + hex.EncodeToString(hash[:])
	err = s.update(ctx, func(tx store.Tx) error {
		now := s.config.Now()
		token, err := s.redeem(tx, key, r.GetName(), now)
		if err != nil {
			return err
		}
		id = trust.Identity{Role: token.Role, Name: token.Name}
		if id.Role == trust.Agent {
			if err := s.mayTake(tx, id.Name, false, "stop that agent first, or remove it with `sloth-runner agent remove`"); err != nil {
				return err
			}
		}
		cert, err = s.enroll(tx, r.GetRequest(), id, now)
		return err
	})
	return id, cert, err
}

// redeem marks a token as used.
func (s *Service) redeem(tx store.Tx, key, name string, now time.Time) (tokenRecord, error) {
	const hint = "`sloth-runner master token` makes a new one"
	token, found, err := store.Get[tokenRecord](tx, key)
	switch {
	case err != nil:
		return token, err
	case !found:
		return token, refuse(codes.PermissionDenied, hint, "the token is not known: it has expired, was revoked, or is another master's")
	case !token.Used.IsZero():
		return token, refuse(codes.PermissionDenied, hint, "the token was used already, at %s", stamp(token.Used))
	case now.After(token.Expires):
		return token, refuse(codes.PermissionDenied, hint, "the token has expired, at %s", stamp(token.Expires))
	case token.Name != name:
		return token, refuse(codes.PermissionDenied, "", "the token is for %s, and not for %s", token.Name, printable(name))
	}
	token.Used = now
	return token, store.Put(tx, key, token)
}

// enroll begins a new line of certificates.
func (s *Service) enroll(tx store.Tx, request []byte, id trust.Identity, now time.Time) (*x509.Certificate, error) {
	if id.Role == trust.Agent {
		agent, found, err := store.Get[agentRecord](tx, agentKey(id.Name))
		if err != nil {
			return nil, err
		}
		if !found {
			agent = agentRecord{Name: id.Name, Joined: now}
		}
		if err := store.Put(tx, agentKey(id.Name), agent); err != nil {
			return nil, err
		}
	}
	line, err := newLine(tx)
	if err != nil {
		return nil, err
	}
	return s.issue(tx, request, id, line)
}

// mayTake returns an error when a newly installed agent can't have a name.
func (s *Service) mayTake(tx store.Tx, name string, replace bool, hint string) error {
	agent, found, err := store.Get[agentRecord](tx, agentKey(name))
	switch {
	case err != nil || !found:
		return err
	case agent.From != "":
		return refuse(codes.AlreadyExists, "", "%s is the name that %s is being given", name, agent.From)
	case agent.Rename != "":
		return refuse(codes.AlreadyExists, "", "%s is being renamed to %s", name, agent.Rename)
	case !replace && s.roster.isThere(name):
		return refuse(codes.AlreadyExists, hint, "there is an agent %s, which is attached", name)
	}
	return nil
}

// Renew implements Registry.Renew.
func (s *Service) Renew(ctx context.Context, r *proto.RenewRequest) (*proto.RenewResponse, error) {
	id, cert, err := s.renew(ctx, r)
	if err := s.done(ctx, "Renew", id.String(), err); err != nil {
		return nil, err
	}
	return &proto.RenewResponse{
		Certificate: cert.Raw, Revocations: s.config.Holder.Current().Revocations.DER(), Masters: s.cluster.Addresses(),
	}, nil
}

func (s *Service) renew(ctx context.Context, r *proto.RenewRequest) (id trust.Identity, cert *x509.Certificate, err error) {
	caller := authz.Caller(ctx)
	if len(r.GetRequest()) > maxRequest {
		return caller.Identity, nil, refuse(codes.InvalidArgument, "", "the certificate request is too large")
	}
	err = s.update(ctx, func(tx store.Tx) error {
		id = caller.Identity
		// The check is part of the transaction: the certificate may have been revoked after the call was authorized.
		line, err := lineOf(tx, id, caller.Cert)
		if err != nil {
			return err
		}
		if id.Role == trust.Agent {
			agent, found, err := store.Get[agentRecord](tx, agentKey(id.Name))
			switch {
			case err != nil:
				return err
			case !found:
				return notRegistered(id.Name)
			case agent.Rename != "":
				id.Name = agent.Rename
			}
		}
		cert, err = s.issue(tx, r.GetRequest(), id, line)
		return err
	})
	return id, cert, err
}

// welcome returns the answer for a caller that has joined.
func (s *Service) welcome(cert *x509.Certificate) *proto.JoinResponse {
	return &proto.JoinResponse{
		Certificate: cert.Raw, Authority: s.config.Authority.Certificate().Raw,
		Revocations: s.config.Holder.Current().Revocations.DER(), Masters: s.cluster.Addresses(),
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") }
