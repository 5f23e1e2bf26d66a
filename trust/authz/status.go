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

// Status returns an error as gRPC sends it. FromStatus reads its hint again.
func Status(code codes.Code, err error) error {
	var known *fault.Error
	text := err.Error()
	if errors.As(err, &known) {
		text = known.Err.Error()
	}
	plain := status.New(code, strings.ToValidUTF8(text, "\uFFFD"))
	full, problem := plain.WithDetails(proto.FailureOf(err, fault.Unknown))
	if problem != nil { // the details can't be encoded; the text can
		return plain.Err()
	}
	return full.Err()
}

// maxRevocations limits the list that is sent with a refusal, in bytes. gRPC sends it in a header.
const maxRevocations = 64 << 10

// withRevocations adds the list of revocations to the refusal of a revoked agent. The agent still serves its operators,
// and gets revocations only from refusals.
func withRevocations(refusal error, list *trust.Revocations) error {
	der := list.DER()
	if len(der) > maxRevocations {
		return refusal
	}
	full, err := status.Convert(refusal).WithDetails(&proto.RevocationList{List: der})
	if err != nil { // the list can't be encoded; the refusal can
		return refusal
	}
	return full.Err()
}

// RevocationsOf returns the list (DER) in a refusal, or nil.
func RevocationsOf(err error) []byte {
	for _, detail := range status.Convert(err).Details() {
		if list, ok := detail.(*proto.RevocationList); ok {
			return list.GetList()
		}
	}
	return nil
}

// FromStatus returns the error that was passed to Status, with its hint. ok is false when err was not made by Status.
// The caller sets the host.
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
