package transfer

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// ErrProtocol is wrapped by errors that say that the other end broke a rule of the protocol.
var ErrProtocol = errors.New("it does not keep to the protocol of file transfers")

// Broken returns an error that wraps ErrProtocol.
func Broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(format, args...))
}

// ErrorMessage is an error on the wire.
func ErrorMessage(err error) *proto.FilesError {
	return &proto.FilesError{
		Reason: fault.Bound(fault.Reason(err), fault.MaxText),
		Hint:   fault.Bound(fault.Hint(err), fault.MaxText),
		Absent: errors.Is(err, fs.ErrNotExist), Directory: errors.Is(err, syscall.EISDIR),
	}
}

// refusal is an error that the other end reported.
type refusal struct {
	reason            string
	absent, directory bool
}

func (r refusal) Error() string { return r.reason }

func (r refusal) Is(target error) bool {
	return r.absent && target == fs.ErrNotExist || r.directory && target == syscall.EISDIR
}

// ParseError reads an error from the wire. It is fs.ErrNotExist where the other end has no such file, syscall.EISDIR where it is a directory, and a *fault.Error where
// there is something to do.
func ParseError(m *proto.FilesError) error {
	r := refusal{reason: fault.Bound(m.GetReason(), fault.MaxText), absent: m.GetAbsent(), directory: m.GetDirectory()}
	if r.reason == "" {
		r.reason = "the other end gave up, and did not say why"
	}
	if m.GetHint() == "" {
		return r
	}
	return &fault.Error{Err: r, Hint: fault.Bound(m.GetHint(), fault.MaxText)}
}
