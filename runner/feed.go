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

// feed sends the standard input to the host until the returned function is called, which waits for that. A host that takes no
// more holds up no other; one that can't be sent it is given up, for its task would wait for ever.
func (h *host) feed(ctx context.Context, link *link, giveUp context.CancelCauseFunc) (stop func()) {
	if h.stdin == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var feeding sync.WaitGroup
	feeding.Go(func() {
		defer h.stdin.close()
		// A run that is not found has ended: the host had it before.
		err := h.sendInput(ctx, link)
		if err != nil && !errors.Is(err, proto.ErrInputUnwanted) && status.Code(err) != codes.NotFound && ctx.Err() == nil {
			giveUp(fmt.Errorf("the standard input can't be sent: %w", link.explain(ctx, err)))
		}
	})
	return func() {
		cancel()
		feeding.Wait()
	}
}

// sendInput sends all of the standard input, or says that it broke off.
func (h *host) sendInput(ctx context.Context, link *link) error {
	sender, err := proto.SendInput(ctx, proto.NewAgentClient(link.client), h.desk.config.ID, h.target.Name)
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
