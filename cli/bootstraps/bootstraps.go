package bootstraps

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/cli/prompt"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
)

func New(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Look at how the agent comes to hosts, and remove it",
		Long: `Look at how the agent comes to hosts, and remove it.

A run copies the agent to each host that does not have it yet, and leaves it there for the next one.`,
		RunE: command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Bootstrap)
	cmd.AddCommand(newBootstrapExplainCommand(s), newBootstrapCheckCommand(s), newBootstrapCleanCommand(s))
	return cmd
}

// visitOptions are for commands that visit hosts without running anything of the user's there.
type visitOptions struct {
	reach.Options
	forks  int
	output string
}

func (o *visitOptions) addFlags(f *pflag.FlagSet) {
	f.SortFlags = false
	o.Options.AddFlags(f)
	f.IntVar(&o.forks, "forks", 100, "visit at most `N` hosts at once")
	f.StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table or json")
}

func (o *visitOptions) check(cmd *cobra.Command) error {
	if err := command.CheckFormat(o.output, "table", "json"); err != nil {
		return err
	}
	if o.forks < 1 {
		return command.UsageError(cmd, "--forks must be at least 1")
	}
	return o.SSH.Check()
}

// Targets are the hosts that the words name.
func (o *visitOptions) targets(ctx context.Context, s *command.Streams, words []string) ([]inventory.Target, error) {
	r, err := o.SSHResolver(ctx, s)
	if err != nil {
		return nil, err
	}
	targets := r.Resolve(ctx, words)
	reach.SayNotes(s, r.Defaults.SSHConfig, 0)
	return targets, errors.Join(errors.Join(r.Errs...), r.Hosts.Check())
}

// visitFunc works on one host, and returns the result for it.
type visitFunc[T any] func(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) T

// visitAll calls visit for the hosts that the words name, for several at once, and returns the results in the order of the hosts.
func visitAll[T any](ctx context.Context, s *command.Streams, o *visitOptions, words []string, visit visitFunc[T]) ([]T, error) {
	targets, err := o.targets(ctx, s, words)
	if err != nil {
		return nil, err
	}
	ssh, err := reach.SSH(ctx, s, &o.SSH)
	if err != nil {
		return nil, err
	}
	defer reach.CloseSSH(ssh)
	if err := prompt.HostKeys(ctx, ssh, targets); err != nil {
		return nil, err
	}
	results := make([]T, len(targets))
	slots := make(chan struct{}, reach.AtOnce(o.forks))
	var all sync.WaitGroup
	for i, target := range targets {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			results[i] = visit(ctx, ssh, target)
		})
	}
	all.Wait()
	return results, nil
}
