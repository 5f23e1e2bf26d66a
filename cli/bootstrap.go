package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/bootstrap"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/runner"
)

const bootstrapExitCodes = `Exit codes:
  0    all went well
  2    nothing was done: usage, inventory, or a name that can't be resolved
  4    hosts were unreachable, or could not do it
  130  interrupted
Treat any other code as a failure.`

func newBootstrapCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Look at how the agent comes to hosts, and remove it",
		Long: `Look at how the agent comes to hosts, and remove it.

A run copies the agent to each host that does not have it yet, and leaves it there for the next one.`,
		RunE: subcommandOnly,
	}
	endHelpWith(cmd, bootstrapExitCodes)
	cmd.AddCommand(newBootstrapExplainCommand(s), newBootstrapCheckCommand(s), newBootstrapCleanCommand(s))
	return cmd
}

// visitOptions are for commands that visit hosts without running anything of the user's there.
type visitOptions struct {
	hostOptions
	forks  int
	output string
}

func (o *visitOptions) addFlags(f *pflag.FlagSet) {
	f.SortFlags = false
	o.hostOptions.addFlags(f)
	f.IntVar(&o.forks, "forks", 100, "visit at most `N` hosts at once")
	f.StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table or json")
}

func (o *visitOptions) check(cmd *cobra.Command) error {
	if err := checkFormat(o.output, "table", "json"); err != nil {
		return err
	}
	if o.forks < 1 {
		return usageError(cmd, "--forks must be at least 1")
	}
	return o.ssh.check()
}

// targets are the hosts that the words name.
func (o *visitOptions) targets(ctx context.Context, s *Streams, words []string) ([]inventory.Target, error) {
	r, err := o.sshResolver(ctx, s)
	if err != nil {
		return nil, err
	}
	targets := r.resolve(ctx, words)
	sayNotes(s, r.defaults.SSHConfig, 0)
	return targets, errors.Join(errors.Join(r.errs...), r.hosts.Check())
}

// visitFunc is what is done with one host; it returns what is told of it.
type visitFunc[T any] func(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) T

// visitAll visits the hosts that the words name, some at once, and returns what is told, in the order of the hosts.
func visitAll[T any](ctx context.Context, s *Streams, o *visitOptions, words []string, visit visitFunc[T]) ([]T, error) {
	targets, err := o.targets(ctx, s, words)
	if err != nil {
		return nil, err
	}
	ssh, err := newSSH(ctx, s, &o.ssh)
	if err != nil {
		return nil, err
	}
	defer closeSSH(ssh)
	if err := askForHostKeys(ctx, ssh, targets); err != nil {
		return nil, err
	}
	told := make([]T, len(targets))
	slots := make(chan struct{}, atOnce(o.forks))
	var all sync.WaitGroup
	for i, target := range targets {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			told[i] = visit(ctx, ssh, target)
		})
	}
	all.Wait()
	return told, nil
}

// untilInterrupt is a context that ends with the first Ctrl-C.
func untilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

// visited is the exit status when so many hosts could not be visited as was wanted.
func visited(ctx context.Context, failed int) error {
	switch {
	case ctx.Err() != nil:
		return exitError(runner.ExitInterrupted)
	case failed > 0:
		return exitError(runner.ExitUnreachable)
	}
	return nil
}

// trouble is why a host could not be visited, as JSON has it.
type trouble struct {
	Stage  string `json:"stage"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

func troubleOf(err error) *trouble {
	if err == nil {
		return nil
	}
	return &trouble{
		Stage:  fault.StageOf(err, fault.Bootstrap).String(),
		Reason: fault.Bound(fault.Reason(err), fault.MaxText),
		Hint:   fault.Bound(fault.Hint(err), fault.MaxText),
	}
}

// hints are those of all troubles, each once, in their order.
func hints(troubles []*trouble) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, t := range troubles {
		if t != nil && !seen[t.Hint] {
			seen[t.Hint] = true
			all = append(all, t.Hint)
		}
	}
	return all
}
