package agents

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/proto"
	"sloth-runner/provision"
	"sloth-runner/registry/client"
	"sloth-runner/view/layout"
)

func newAgentUninstallCommand(s *command.Streams, version string) *cobra.Command {
	o := promoteOptions{version: version}
	cmd := &cobra.Command{
		Use:   "uninstall HOST...",
		Short: "Stop persistent agents, and remove all that belongs to them from their hosts",
		Long: `Stop persistent agents, and remove all that belongs to them from their hosts, over SSH. They are
forgotten and their certificates end. What SSH runs have left there goes too, as with ` + "`sloth-runner bootstrap clean`" + `.`,
		Example: `  sloth-runner agent uninstall -i hosts.ini web --become`,
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return o.promote(cmd.Context(), s, args, func(ctx context.Context, p *promotion) ([]provision.Result, error) {
				p.config.Prove = nil
				results, err := provision.Uninstall(ctx, p.config)
				p.forget(ctx, s, results)
				p.clean(ctx, s, results, reach.AtOnce(o.forks))
				return results, err
			})
		},
	}
	o.addFlags(cmd.Flags())
	command.EndHelpWith(cmd, exitstatus.Bootstrap)
	return cmd
}

// forget removes the agents from the registry that are gone from their hosts. It reports those that it can't remove.
func (p *promotion) forget(ctx context.Context, s *command.Streams, results []provision.Result) {
	for _, r := range results {
		if r.Err != nil {
			continue
		}
		forgotten, err := p.known.Fleet.Forget(r.Name)
		if err == nil && !forgotten && p.isRegistered(r.Name) {
			err = atMaster(s, func(master *client.Client) error { return master.Remove(ctx, r.Name) })
		}
		if err != nil {
			fmt.Fprintf(s.Err, "warning: agent %s is not forgotten: %s\n", r.Name, layout.Escape(err.Error()))
		}
	}
}

// clean removes what came to the hosts to remove the agents. The results are in the order of the hosts. It
// warns of what it can't remove.
func (p *promotion) clean(ctx context.Context, s *command.Streams, results []provision.Result, atOnce int) {
	var cleaning errgroup.Group
	cleaning.SetLimit(atOnce)
	errs := make([]error, len(results))
	for i, r := range results {
		if r.Err != nil {
			continue
		}
		cleaning.Go(func() error {
			_, errs[i] = p.ssh.Clean(ctx, p.config.Hosts[i].Target, func(*proto.Event) {})
			return nil
		})
	}
	_ = cleaning.Wait() // what failed is in errs
	if ctx.Err() != nil {
		fmt.Fprintln(s.Err, "warning: interrupted: hosts may still have what was copied there, which `sloth-runner bootstrap clean` removes")
		return
	}
	for i, err := range errs {
		if err != nil {
			fmt.Fprintf(s.Err, "warning: %s still has what was copied there: %s\n", results[i].Host, layout.Escape(err.Error()))
		}
	}
}

func (p *promotion) isRegistered(name string) bool {
	for _, agent := range p.known.List.Agents {
		if agent.GetName() == name {
			return true
		}
	}
	return false
}
