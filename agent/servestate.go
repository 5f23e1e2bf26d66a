package agent

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"syscall"

	"sloth-runner/proto"
)

// serveState is a persistent agent as its service starts it: it serves what its state directory says until it is told to
// end.
func serveState(version, dir string) int {
	proto.QuietTransport()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	// A second signal does not wait for the runs to end.
	context.AfterFunc(ctx, stop)
	findAccount()
	tell := func(text string) { fmt.Fprintln(os.Stderr, "sloth-runner agent:", text) }
	served, err := OpenPersistent(dir, NewService(version), tell)
	if err == nil {
		served.Managed = func() (kind, stopCommand string) { return managedBy(dir) }
		err = served.ListenAndServe(ctx, func(where string) { tell(where) })
	}
	if err != nil {
		tell(err.Error())
		return 1
	}
	return 0
}

// managedBy is what the agent of a state directory was given to when it was installed, and how it is stopped there.
func managedBy(dir string) (kind, stopCommand string) {
	if _, err := os.Stat(filepath.Join(dir, serviceFile)); err != nil {
		return "", "" // it was not installed
	}
	p, err := placesOf(filepath.Base(dir), os.Getenv)
	if err != nil {
		return "", ""
	}
	p.state, p.name = dir, filepath.Base(dir)
	manager, err := p.manager()
	if err != nil {
		return "", ""
	}
	return manager.Kind(), manager.StopCommand(p.spec())
}

// findAccount sets what tasks expect of a login and what some service managers leave out, as OpenRC does (openrc-run(8)).
func findAccount() {
	self, err := user.Current()
	if err != nil {
		return // tasks have to do without
	}
	for name, value := range map[string]string{"HOME": self.HomeDir, "USER": self.Username, "LOGNAME": self.Username} {
		if os.Getenv(name) == "" {
			os.Setenv(name, value)
		}
	}
}
