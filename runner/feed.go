package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/proto"
)

// feed sends the standard input to the host until the returned function is called, which waits for the goroutine. A host
// that reads no more does not delay the others. When sending fails the host is given up, because its task would wait for
// ever.
func (h *host) feed(ctx context.Context, link *link, giveUp context.CancelCauseFunc) (stop func()) {
	if h.stdin == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var feeding sync.WaitGroup
	feeding.Go(func() {
		defer h.stdin.close()
		// NotFound: the run has ended on the host, which had read what it needed.
		err := h.sendInput(ctx, link)
		if err != nil && !errors.Is(err, proto.ErrInputUnwanted) && status.Code(err) != codes.NotFound && ctx.Err() == nil {
			giveUp(fmt.Errorf("the standard input can't be sent: %w", link.wrapCause(ctx, err)))
		}
	})
	return func() {
		cancel()
		feeding.Wait()
	}
}

// sendInput sends all of the standard input, or reports to the host that reading it failed.
func (h *host) sendInput(ctx context.Context, link *link) error {
	sender, err := proto.SendInput(ctx, proto.NewAgentClient(link.client), h.dispatcher.config.ID, h.target.Name)
	for err == nil {
		var data []byte
		data, err = h.stdin.next(ctx.Done())
		switch {
		case errors.Is(err, io.EOF):
			if err := sender.Close(); err != nil {
				return err
			}
			return sender.Wait()
		case err != nil && ctx.Err() == nil:
			return sender.Break(err.Error())
		case err == nil:
			_, err = sender.Write(data)
		}
	}
	return err
}
