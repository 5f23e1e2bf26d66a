package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/view/listing"
)

// UntilInterrupt is a context that ends with the first Ctrl-C.
func UntilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

// Visited is the exit status when so many hosts could not be visited as was wanted.
func Visited(ctx context.Context, failed int) error {
	switch {
	case ctx.Err() != nil:
		return Exit(exitstatus.Interrupted)
	case failed > 0:
		return Exit(exitstatus.Unreachable)
	}
	return nil
}

// Listing returns what writes a listing in a format.
func Listing(s *Streams, format string) listing.Writer {
	return listing.Writer{Out: s.Out, Err: s.Err, Format: format}
}
