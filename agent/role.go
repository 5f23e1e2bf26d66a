package agent

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"runtime"
	"syscall"

	"sloth-runner/agent/program"
	"sloth-runner/proto"
)

// Role returns what a process with these arguments is when it is an agent that bootstrap or a service manager started, and
// nil when it is anything else. It runs before any command line is parsed: the start of the agent is paid on every host.
//
//	agent serve --stdio --marker MARKER                     serve one operator on stdin and stdout
//	agent serve --stdio --marker MARKER --deputy LANGUAGE   serve the agent that started this one as another user
//	agent serve --state DIR                                 serve on the network what the state directory says
//	agent supervise --state DIR                             keep the above running
//	agent digest                                            print the SHA-256 of this program
func Role(args []string) func(version string) int {
	switch {
	case len(args) == 5 && isServe(args):
		return func(version string) int { return serveRole(NewService(version), args[4]) }
	case len(args) == 7 && isServe(args) && args[5] == "--deputy":
		return func(version string) int {
			restoreLanguage(args[6])
			settleIn()
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

// NewService returns a service with all that an agent can do.
func NewService(version string) *Service {
	return &Service{Version: version, Children: newAccounts, Setup: Run}
}

func isServe(args []string) bool {
	return args[0] == "agent" && args[1] == "serve" && args[2] == "--stdio" && args[3] == "--marker"
}

func serveRole(service *Service, marker string) int {
	// The host has better things to do than to run one agent on all of its processors.
	runtime.GOMAXPROCS(1)
	proto.QuietTransport() // stderr is for what the operator is to know
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	if err := service.ServeStdio(ctx, marker+" ready\n"); err != nil {
		fmt.Fprintln(os.Stderr, "sloth-runner agent:", err)
		return 1
	}
	return 0
}

// settleIn makes an agent that another user's agent started into one as that of a login would be: in its account's home,
// where that can be entered, and without what it inherited.
func settleIn() {
	// The terminal that it may have been given, on the number that dialogue gives it; see os/exec for ExtraFiles.
	syscall.CloseOnExec(3)
	if self, err := user.Current(); err == nil {
		// su leaves these as they were when it makes root of somebody.
		os.Setenv("USER", self.Username)
		os.Setenv("LOGNAME", self.Username)
	}
	home, err := os.UserHomeDir()
	if err != nil || os.Chdir(home) != nil {
		// The caller started it in /.
		return
	}
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
