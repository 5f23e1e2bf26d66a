package agents

import (
	"context"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/provision"
)

type agentUpgradeOptions struct {
	promoteOptions
	batch int
}

func newAgentUpgradeCommand(s *command.Streams, version string) *cobra.Command {
	o := agentUpgradeOptions{promoteOptions: promoteOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "upgrade HOST...",
		Short: "Put this program in the place of what persistent agents run",
		Long: `Put this program in the place of what persistent agents run, over SSH, a batch of hosts after the other. An agent that does
not answer then is what it was before, and no further batch is begun.`,
		Example: `  sloth-runner agent upgrade -i hosts.ini web --become --batch 5`,
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return o.promote(cmd.Context(), s, args, func(ctx context.Context, p *promotion) ([]provision.Result, error) {
				p.config.Batch = o.batch
				p.registeredAddresses()
				return provision.Upgrade(ctx, p.config)
			})
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().IntVar(&o.batch, "batch", 0, "upgrade `N` hosts at once; 0: all")
	command.EndHelpWith(cmd, exitstatus.Bootstrap)
	return cmd
}

// registeredAddresses are where the agents are called that are known already. Those that are not are not called.
func (p *promotion) registeredAddresses() {
	for i := range p.config.Hosts {
		host := &p.config.Hosts[i]
		for _, agent := range p.known.List.Agents {
			if agent.GetName() == host.Name {
				host.Address = agent.GetAddress()
				p.dialOut[host.Name] = agent.GetDialOut()
			}
		}
	}
}
