package registry

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

const (
	// defaultTTL is how long a token is valid when the request does not say it; maxTTL limits it.
	defaultTTL = time.Hour
	maxTTL     = 30 * 24 * time.Hour
)

// Issue implements Registry.Issue.
func (s *Service) Issue(ctx context.Context, r *proto.IssueRequest) (*proto.JoinResponse, error) {
	id := trust.Identity{Role: trust.Agent, Name: printable(r.GetName())}
	cert, err := s.vouch(ctx, r)
	if err := s.done(ctx, "Issue", id.String(), err); err != nil {
		return nil, err
	}
	s.roster.touch()
	return s.welcome(cert), nil
}

func (s *Service) vouch(ctx context.Context, r *proto.IssueRequest) (cert *x509.Certificate, err error) {
	if err := trust.CheckName(r.GetName()); err != nil {
		return nil, badRequest(err)
	}
	if len(r.GetRequest()) > maxRequest {
		return nil, refuse(codes.InvalidArgument, "", "the certificate request is too large")
	}
	err = s.update(ctx, func(tx store.Tx) error {
		if err := s.mayTake(tx, r.GetName(), r.GetReplace(), "choose another name, or replace that agent"); err != nil {
			return err
		}
		cert, err = s.enroll(tx, r.GetRequest(), trust.Identity{Role: trust.Agent, Name: r.GetName()}, s.config.Now())
		return err
	})
	return cert, err
}

// CreateToken implements Registry.CreateToken.
func (s *Service) CreateToken(ctx context.Context, r *proto.CreateTokenRequest) (*proto.CreateTokenResponse, error) {
	token, expires, err := s.createToken(ctx, r)
	what := printable(r.GetRole()) + " " + printable(r.GetName())
	if err := s.done(ctx, "CreateToken", what, err); err != nil {
		return nil, err
	}
	return &proto.CreateTokenResponse{Token: token.String(), Expires: timestamppb.New(expires)}, nil
}

func (s *Service) createToken(ctx context.Context, r *proto.CreateTokenRequest) (token trust.Token, expires time.Time, err error) {
	id, err := managed(ctx, r.GetRole(), r.GetName(), "make tokens for")
	if err != nil {
		return token, expires, err
	}
	ttl := r.GetTtl().AsDuration()
	switch {
	case ttl == 0:
		ttl = defaultTTL
	case ttl < 0 || ttl > maxTTL:
		return token, expires, refuse(codes.InvalidArgument, "", "a token holds for at most %s, not for %s", maxTTL, ttl)
	}
	token = trust.NewToken(s.config.Authority.Certificate())
	hash := trust.HashSecret(token.Secret[:])
	err = s.update(ctx, func(tx store.Tx) error {
		expires = s.config.Now().Add(ttl)
		return store.Put(tx, tokenPrefix+hex.EncodeToString(hash[:]), tokenRecord{Role: id.Role, Name: id.Name, Expires: expires})
	})
	return token, expires, err
}

// managed returns the identity in a request, or an error when the caller may not manage it: operators manage agents,
// and the administrator all others.
func managed(ctx context.Context, role, name, do string) (trust.Identity, error) {
	parsed, err := trust.ParseRole(role)
	if err != nil {
		return trust.Identity{}, badRequest(err)
	}
	id := trust.Identity{Role: parsed, Name: name}
	if err := trust.CheckName(name); err != nil {
		return id, badRequest(err)
	}
	switch caller := authz.Caller(ctx); {
	case id.Role == trust.Master:
		return id, refuse(codes.InvalidArgument, "", "a master's certificate is made with `sloth-runner master init`")
	case id.Role != trust.Agent && caller.Role != authz.Administrator:
		return id, refuse(codes.PermissionDenied, "do it on the master's machine, as the account that runs the master",
			"%s may not %s %s: that takes the administrator", caller, do, plural(id.Role))
	}
	return id, nil
}

func plural(role trust.Role) string { return string(role) + "s" }

// printable returns text of a caller in a form that is safe in an error or a log.
func printable(text string) string {
	if trust.CheckName(text) == nil {
		return text
	}
	return fmt.Sprintf("%.80q", text)
}
