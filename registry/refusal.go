package registry

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	"sloth-runner/internal/audit"
	"sloth-runner/internal/fault"
	"sloth-runner/registry/store"
	"sloth-runner/trust/authz"
)

// errFenced is the error of a fenced master. It must not serve, because it would not learn of revocations.
var errFenced = refuse(codes.Unavailable, "another master may do; this one serves again as soon as its store answers", "the master is cut off from the store that it shares with others")

// refusal is an error with a hint for the caller.
type refusal struct {
	code  codes.Code
	cause *fault.Error
}

func (r *refusal) Error() string { return r.cause.Error() }
func (r *refusal) Unwrap() error { return r.cause }

// refuse returns a refusal with its hint.
func refuse(code codes.Code, hint, format string, arguments ...any) error {
	return &refusal{code: code, cause: &fault.Error{Err: fmt.Errorf(format, arguments...), Hint: hint}}
}

// answer returns the error for the caller; nil stays nil.
func answer(err error) error {
	var r *refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		return authz.Status(r.code, r.cause)
	case errors.Is(err, store.ErrUnavailable):
		return authz.Status(codes.Unavailable, &fault.Error{Err: fmt.Errorf("the master can't do that now: %w", err), Hint: "another master may do; agents can be reached without one"})
	case errors.Is(err, context.Canceled):
		return authz.Status(codes.Canceled, err)
	case errors.Is(err, context.DeadlineExceeded):
		return authz.Status(codes.DeadlineExceeded, err)
	}
	return authz.Status(codes.Internal, &fault.Error{Err: fmt.Errorf("the master can't do that: %w", err), Hint: fault.Hint(err)})
}

// done writes a call to the audit log, and returns the error for the caller.
func (s *Service) done(ctx context.Context, did, what string, err error) error {
	caller := authz.Caller(ctx)
	entry := audit.Entry{Who: caller.String(), From: caller.Address, Did: did, What: what, Result: result(err)}
	if err == nil {
		s.write(entry)
	} else if s.config.Refused != nil {
		entry.Time = s.config.Now()
		s.config.Refused(entry)
	}
	return answer(err)
}

func result(err error) string {
	if err == nil {
		return "done"
	}
	return "refused: " + err.Error()
}

func (s *Service) write(e audit.Entry) {
	if s.config.Audit != nil {
		e.Time = s.config.Now()
		s.config.Audit(e)
	}
}
