// Package fault has the error that a person can act on: at which stage, on which host, why, and what to do.
package fault

import (
	"errors"
	"strings"

	"sloth-runner/proto"
)

// Stage is how far a host had come when something failed.
type Stage = proto.Failure_Stage

// The stages, in the order in which a host goes through them.
const (
	Resolve      = proto.Failure_RESOLVE
	Connect      = proto.Failure_CONNECT
	Handshake    = proto.Failure_HANDSHAKE
	Authenticate = proto.Failure_AUTHENTICATE
	Bootstrap    = proto.Failure_BOOTSTRAP
	Answer       = proto.Failure_ANSWER
	Load         = proto.Failure_LOAD
	Execute      = proto.Failure_EXECUTE
	Lost         = proto.Failure_LOST
)

// Error is an error with its stage. The zero values of Host and Hint are left out of its text.
type Error struct {
	Stage Stage
	Host  string
	Err   error
	// Hint says what a person can do, without a full stop.
	Hint string
	// Temporary says that another try of the same makes sense: the peer was busy or still booting. It is never
	// set where trying again could do harm or can't help, as with a host key that changed.
	Temporary bool
}

// Error gives host, stage and cause. The hint is not part of it: whoever prints the error decides where it goes.
func (e *Error) Error() string {
	var text strings.Builder
	if e.Host != "" {
		text.WriteString(e.Host + ": ")
	}
	if e.Stage != proto.Failure_UNKNOWN {
		text.WriteString(StageName(e.Stage) + ": ")
	}
	text.WriteString(e.Err.Error())
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// StageName is the stage as people read it: "connect".
func StageName(stage Stage) string { return strings.ToLower(stage.String()) }

// Temporary reports whether another try makes sense.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// Hint returns the hint of the outermost error that has one, or "".
func Hint(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// Failure turns err into what events carry, each text at most MaxText bytes. An error without a stage gets the given one.
func Failure(err error, stage Stage) *proto.Failure {
	if err == nil {
		return nil
	}
	reason := err.Error()
	var e *Error
	if errors.As(err, &e) {
		reason = e.Err.Error()
		if e.Stage != proto.Failure_UNKNOWN {
			stage = e.Stage
		}
	}
	return &proto.Failure{Stage: stage, Reason: Bound(reason, MaxText), Hint: Bound(Hint(err), MaxText)}
}
