package runner

import (
	"context"
	"fmt"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Files gives hosts the files that a run offers, and takes those that tasks fetch. It is safe for concurrent use.
type Files interface {
	// ServeHost answers a host until the call ends, which is no error where the host ended it. The call has to end with ctx. report takes
	// events of files; it is not called after ServeHost has returned.
	ServeHost(ctx context.Context, call proto.FilesCall, run, host string, report func(*proto.HostFile)) error
}

// usesFiles reports whether a task may ask for files.
func usesFiles(task *plan.Task) bool {
	_, call := task.Action.(plan.Call)
	return call || isFunction(task)
}

// serveFiles serves the host's files, where a task of it may want some, until the returned function is called, which waits for the
// goroutine. A host that breaks a rule is given up.
func (h *host) serveFiles(ctx context.Context, link *link, wanted bool, giveUp context.CancelCauseFunc) (stop func()) {
	if !wanted {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var serving sync.WaitGroup
	serving.Go(func() {
		call, err := proto.NewAgentClient(link.client).Files(ctx)
		if err == nil {
			err = h.dispatcher.config.Files.ServeHost(ctx, call, h.dispatcher.config.ID, h.target.Name, h.reportFile)
		}
		// The run's own stream says why the connection is gone. NotFound: the run has ended on the host.
		switch code := status.Code(err); {
		case code == codes.OK || code == codes.NotFound || code == codes.Unavailable || ctx.Err() != nil:
		case code == codes.Unknown:
			giveUp(fmt.Errorf("its files can't be served: %w", plainly(status.Convert(err).Message())))
		default:
			giveUp(fmt.Errorf("its files can't be served: %w", link.wrapCause(ctx, err)))
		}
	})
	return func() {
		cancel()
		serving.Wait()
	}
}

func (h *host) reportFile(file *proto.HostFile) {
	event := &proto.Event{Kind: &proto.Event_HostFile{HostFile: file}}
	normalise(event) // the host named the file
	h.report(event)
}
