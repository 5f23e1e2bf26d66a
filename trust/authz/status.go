package authz

import (
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// Status is an error as it goes to a caller: its text, and its hint beside it, which FromStatus finds again.
func Status(code codes.Code, err error) error {
	var known *fault.Error
	text := err.Error()
	if errors.As(err, &known) {
		text = known.Err.Error()
	}
	plain := status.New(code, strings.ToValidUTF8(text, "\uFFFD"))
	full, problem := plain.WithDetails(proto.FailureOf(err, fault.Unknown))
	if problem != nil { // it can't be encoded; the text can
		return plain.Err()
	}
	return full.Err()
}

// maxRevocations bounds the list that goes with a refusal, in bytes: gRPC sends it as a header.
const maxRevocations = 64 << 10

// withRevocations adds the list of revocations to the refusal of an agent that is revoked. It goes on serving, and hears of
// those whom it has to refuse in no other way.
func withRevocations(refusal error, list *trust.Revocations) error {
	der := list.DER()
	if len(der) > maxRevocations {
		return refusal
	}
	full, err := status.Convert(refusal).WithDetails(&proto.RevocationList{List: der})
	if err != nil { // it can't be encoded; the refusal can
		return refusal
	}
	return full.Err()
}

// RevocationsOf is the list (DER) that came with a refusal; nil: none did.
func RevocationsOf(err error) []byte {
	for _, detail := range status.Convert(err).Details() {
		if list, ok := detail.(*proto.RevocationList); ok {
			return list.GetList()
		}
	}
	return nil
}

// FromStatus is what Status was given, as far as it came over the wire; ok is false when err is no such answer. The host is
// left for the caller to say.
func FromStatus(err error) (explained *fault.Error, ok bool) {
	answer, isStatus := status.FromError(err)
	if !isStatus {
		return nil, false
	}
	for _, detail := range answer.Details() {
		if failure, ok := detail.(*proto.Failure); ok {
			return &fault.Error{Stage: proto.FaultStage(failure.GetStage()), Err: errors.New(failure.GetReason()), Hint: failure.GetHint()}, true
		}
	}
	return nil, false
}
