package role

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"syscall"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/setup"
	"sloth-runner/proto"
)

// serveState runs a persistent agent with the configuration of its state directory, until a signal or an operator ends
// it.
func serveState(version, dir string) int {
	proto.QuietTransport()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	// After a second signal it does not wait for the runs to end.
	context.AfterFunc(ctx, stop)
	findAccount()
	tell := func(text string) { fmt.Fprintln(os.Stderr, "sloth-runner agent:", text) }
	served, err := persistent.Open(dir, NewService(version), tell)
	if err == nil {
		served.Managed = func() (kind, stopCommand string) { return setup.Manager(dir) }
		err = served.ListenAndServe(ctx, func(where string) { tell(where) })
	}
	if err != nil {
		tell(err.Error())
		return 1
	}
	return 0
}

// findAccount sets the environment variables of a login that some service managers, such as OpenRC, do not set
// (openrc-run(8)).
func findAccount() {
	self, err := user.Current()
	if err != nil {
		return // tasks run without them
	}
	for name, value := range map[string]string{"HOME": self.HomeDir, "USER": self.Username, "LOGNAME": self.Username} {
		if os.Getenv(name) == "" {
			os.Setenv(name, value)
		}
	}
}
