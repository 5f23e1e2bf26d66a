package agent

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// serveState is a persistent agent as its service starts it: it serves what its state directory says until it is told to
// end.
func serveState(version, dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	tell := func(text string) { fmt.Fprintln(os.Stderr, "sloth-runner agent:", text) }
	served, err := OpenPersistent(dir, version, tell)
	if err == nil {
		err = served.ListenAndServe(ctx, func(where string) { tell(where) })
	}
	if err != nil {
		tell(err.Error())
		return 1
	}
	return 0
}
