package registry

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// Revoke implements Registry.Revoke.
func (s *Service) Revoke(ctx context.Context, r *proto.RevokeRequest) (*proto.RevokeResponse, error) {
	what := printable(r.GetRole()) + " " + printable(r.GetName())
	if r.GetEverybody() {
		what = "everybody"
	}
	if r.GetIssuedBefore() != nil {
		what += ", issued before " + stamp(r.GetIssuedBefore().AsTime())
	}
	id, count, err := s.revoke(ctx, r)
	if err := s.done(ctx, "Revoke", what, err); err != nil {
		return nil, err
	}
	response := &proto.RevokeResponse{Certificates: uint32(count)}
	return response, answer(s.awaitConfirmations(ctx, id, r.GetWait().AsDuration(), response))
}

// revoke revokes certificates. It returns the identities, and how many of their certificates were recorded.
func (s *Service) revoke(ctx context.Context, r *proto.RevokeRequest) (id trust.Identity, count int, err error) {
	if !r.GetEverybody() {
		if id, err = managed(ctx, r.GetRole(), r.GetName(), "revoke"); err != nil {
			return id, 0, err
		}
	} else if caller := authz.Caller(ctx); caller.Role != authz.Administrator {
		return id, 0, refuse(codes.PermissionDenied, "do it on the master's machine, as the account that runs the master",
			"%s may not revoke everybody: that takes the administrator", caller)
	}
	before, err := s.issuedBefore(r)
	if err != nil {
		return id, 0, err
	}
	tokens, err := s.tokensOf(ctx, id)
	if err != nil {
		return id, 0, err
	}
	err = s.update(ctx, func(tx store.Tx) error {
		if err := store.DeleteAll(tx, tokens); err != nil {
			return err
		}
		count, err = s.revokeBefore(tx, id, before)
		if err == nil && count == 0 && len(tokens) == 0 && r.GetIssuedBefore() == nil {
			return refuse(codes.NotFound, "a registry that was restored from a backup may not know of them: --issued-before now revokes them all the same",
				"%s has no certificate that holds, and no token", id)
		}
		return err
	})
	if err != nil {
		return id, 0, err
	}
	return id, count, s.publish(ctx)
}

// issuedBefore returns the time of issue before which a request revokes certificates.
func (s *Service) issuedBefore(r *proto.RevokeRequest) (time.Time, error) {
	now := s.config.Now()
	switch before := r.GetIssuedBefore().AsTime(); {
	case r.GetIssuedBefore() == nil && r.GetEverybody():
		return now, refuse(codes.InvalidArgument, "", "everybody can be revoked only before a time")
	case r.GetIssuedBefore() == nil:
		return now, nil
	case before.Sub(now) > trust.Skew:
		return now, refuse(codes.InvalidArgument, "check both clocks", "%s is in the future: it is %s by the master's clock", stamp(before), stamp(now))
	case before.After(now): // the caller's clock is ahead
		return now, nil
	default:
		return before, nil
	}
}
