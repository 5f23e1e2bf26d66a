package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/promote"
	"sloth-runner/registry"
	"sloth-runner/view"
)

func newAgentUninstallCommand(s *Streams, version string) *cobra.Command {
	o := promoteOptions{version: version}
	cmd := &cobra.Command{
		Use:     "uninstall HOST...",
		Short:   "Stop persistent agents, and remove all that belongs to them from their hosts",
		Long:    `Stop persistent agents, and remove all that belongs to them from their hosts, over SSH. They are forgotten and their certificates end.`,
		Example: `  sloth-runner agent uninstall -i hosts.ini web --become`,
		Args:    arguments([]string{"a host or group"}, manyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return o.promote(cmd.Context(), s, args, func(ctx context.Context, p *promotion) ([]promote.Result, error) {
				p.config.Prove = nil
				results, err := promote.Uninstall(ctx, p.config)
				p.forget(ctx, s, results)
				return results, err
			})
		},
	}
	o.addFlags(cmd.Flags())
	endHelpWith(cmd, bootstrapExitCodes)
	return cmd
}

// forget removes the agents from the registry that are gone from their hosts. What it can't is told.
func (p *promotion) forget(ctx context.Context, s *Streams, results []promote.Result) {
	for _, r := range results {
		if r.Err != nil {
			continue
		}
		forgotten, err := p.known.fleet.Forget(r.Name)
		if err == nil && !forgotten && p.isRegistered(r.Name) {
			err = atMaster(s, func(client *registry.Client) error { return client.Remove(ctx, r.Name) })
		}
		if err != nil {
			fmt.Fprintf(s.Err, "warning: agent %s is not forgotten: %s\n", r.Name, view.Escape(err.Error()))
		}
	}
}

func (p *promotion) isRegistered(name string) bool {
	for _, agent := range p.known.list.Agents {
		if agent.GetName() == name {
			return true
		}
	}
	return false
}
