// Package fault has the error that a person can act on: at which stage, on which host, why, and what to do.
package fault

import (
	"errors"
	"strings"
)

// Stage is how far a host had come when something failed. The zero value: it is not known.
type Stage int

// The stages, in the order in which a host goes through them.
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

// String is the stage as people read it: "connect".
func (s Stage) String() string {
	if s < 0 || int(s) >= len(stageNames) {
		return stageNames[Unknown]
	}
	return stageNames[s]
}

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
	if e.Stage != Unknown {
		text.WriteString(e.Stage.String() + ": ")
	}
	text.WriteString(e.Err.Error())
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

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

// StageOf returns the stage of the outermost Error in err, or the other one where there is none or it doesn't say.
func StageOf(err error, other Stage) Stage {
	var e *Error
	if errors.As(err, &e) && e.Stage != Unknown {
		return e.Stage
	}
	return other
}

// Reason is the text of err, without the host and the stage of its outermost Error.
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
