package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"
)

var (
	errTimeout = errors.New("no answer in time")
	errClosed  = errors.New("the connection was closed by the other side")
)

// Plain removes the operation and the addresses from a network error. The message around it has them already.
func Plain(err error) error {
	var errno syscall.Errno
	var op *net.OpError
	switch {
	case IsTimeout(err):
		return errTimeout
	case errors.As(err, &errno):
		return errno
	case errors.Is(err, io.EOF):
		return errClosed
	case errors.As(err, &op):
		return op.Err
	}
	return err
}

// WithoutPath removes the operation and the path from an error of package os, for a message that has the path already.
func WithoutPath(err error) error {
	var inPath *fs.PathError
	if errors.As(err, &inPath) {
		return inPath.Err
	}
	return err
}

// IsTimeout reports whether err is a timeout.
func IsTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// FailedToConnect returns the error for an address that did not answer, in the words of the specification.
func FailedToConnect(address string, err error) error {
	//lint:ignore ST1005 users know it with its capital
	return fmt.Errorf("Failed to connect to %s: %w", address, Plain(err))
}
