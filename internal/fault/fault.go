// Package fault has the error type of messages for users: stage, host, cause, and a hint what to do.
package fault

import (
	"errors"
	"strings"
)

// Stage is the stage at which a host failed. The zero value is an unknown stage.
type Stage int

// The stages, in their order.
const (
	Unknown Stage = iota
	Resolve
	Connect
	Handshake
	Authenticate
	Bootstrap
	Answer
	Load
	Execute
	Lost
)

var stageNames = [...]string{"unknown", "resolve", "connect", "handshake", "authenticate", "bootstrap", "answer", "load", "execute", "lost"}

// String returns the stage as users read it: "connect".
func (s Stage) String() string {
	if s < 0 || int(s) >= len(stageNames) {
		return stageNames[Unknown]
	}
	return stageNames[s]
}

// Error is an error with its stage. Its text has no host and no stage when they are the zero value.
type Error struct {
	Stage Stage
	Host  string
	Err   error
	// Hint says what the user can do, without a full stop.
	Hint string
	// Temporary says that a retry makes sense: the peer was busy, or still booting. It is not set when a retry could do
	// harm or can't help, such as with a changed host key.
	Temporary bool
}

// Error returns host, stage and cause. The hint is not part of it: the code that prints the error decides where the
// hint goes.
func (e *Error) Error() string {
	var text strings.Builder
	if e.Host != "" {
		text.WriteString(e.Host + ": ")
	}
	if e.Stage != Unknown {
		text.WriteString(e.Stage.String() + ": ")
	}
	text.WriteString(e.Err.Error())
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether a retry makes sense.
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

// StageOf returns the stage of the outermost Error in err, or other when there is none or its stage is unknown.
func StageOf(err error, other Stage) Stage {
	var e *Error
	if errors.As(err, &e) && e.Stage != Unknown {
		return e.Stage
	}
	return other
}

// Reason returns the text of err without the host and stage of its outermost Error.
func Reason(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}

// WithHint is an error's text and what to do about it.
func WithHint(err error) string {
	if hint := Hint(err); hint != "" {
		return strings.TrimSuffix(err.Error(), ".") + "; " + hint
	}
	return err.Error()
}
