package role

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"sloth-runner/agent"
	"sloth-runner/agent/become"
	"sloth-runner/agent/program"
	"sloth-runner/agent/setup"
	"sloth-runner/proto"
)

// Of returns the main function of a process with these arguments if bootstrap or a service manager started it as an
// agent, else nil. It runs before any command line is parsed, because the start time of the agent is spent on every
// host.
//
//	agent serve --stdio --marker MARKER                     serve one operator on stdin and stdout
//	agent serve --stdio --marker MARKER --child LANGUAGE   serve the agent that started this one as another user
//	agent serve --state DIR                                 serve on the network what the state directory says
//	agent supervise --state DIR                             keep the above running
//	agent digest                                            print the SHA-256 of this program
func Of(args []string) func(version string) int {
	switch {
	case len(args) == 5 && isServe(args):
		return func(version string) int { return serveRole(NewService(version), args[4]) }
	case len(args) == 7 && isServe(args) && args[5] == "--child":
		return func(version string) int {
			become.SettleIn(args[6])
			service := NewService(version)
			service.IsChild = true
			return serveRole(service, args[4])
		}
	case len(args) == 4 && args[0] == "agent" && args[1] == "serve" && args[2] == "--state":
		return func(version string) int { return serveState(version, args[3]) }
	case len(args) == 4 && args[0] == "agent" && args[1] == "supervise" && args[2] == "--state":
		return func(string) int { return superviseRole(args[3]) }
	case len(args) == 2 && args[0] == "agent" && args[1] == "digest":
		return func(string) int { return digestRole(os.Stdout) }
	}
	return nil
}

// NewService returns a service with all features of an agent.
func NewService(version string) *agent.Service {
	return &agent.Service{Version: version, Children: become.New, Setup: setup.Run}
}

func isServe(args []string) bool {
	return args[0] == "agent" && args[1] == "serve" && args[2] == "--stdio" && args[3] == "--marker"
}

func serveRole(service *agent.Service, marker string) int {
	// The agent must not use all processors of the host.
	runtime.GOMAXPROCS(1)
	proto.QuietTransport() // stderr is only for messages to the operator
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	if err := service.ServeStdio(ctx, marker+" ready\n"); err != nil {
		fmt.Fprintln(os.Stderr, "sloth-runner agent:", err)
		return 1
	}
	return 0
}

func digestRole(w io.Writer) int {
	digest, err := program.Digest()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sloth-runner agent:", err)
		return 1
	}
	fmt.Fprintln(w, digest)
	return 0
}
