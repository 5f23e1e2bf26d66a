package agents

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/operator"
	"sloth-runner/proto"
	"sloth-runner/view/listing"
)

type agentListOptions struct {
	output string
	watch  bool
}

func newAgentListCommand(s *command.Streams) *cobra.Command {
	var o agentListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the persistent agents",
		Long: `List the persistent agents: those of the master, and those that were added by hand. STATUS is
  Active   it reports to the master
  Stale    a report is overdue
  Gone     it has stopped, or has been silent for long
  Unknown  neither a master nor the agent tells
-o wide also shows what version an agent runs, as which user, and its tags. Where no master tells, because none answers or it does not know the agent, the agent itself is asked, for a few seconds:
it is Active when it answers, and Gone when it can't be reached.`,
		Aliases: []string{"ls"},
		Args:    command.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return listAgents(cmd.Context(), s, &o) },
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table, wide or json")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "print the list again whenever it changes, until interrupted")
	return cmd
}

func listAgents(ctx context.Context, s *command.Streams, o *agentListOptions) error {
	if err := command.CheckFormat(o.output, "table", listing.Wide, listing.JSON); err != nil {
		return err
	}
	if o.watch {
		return watchAgents(ctx, s, o)
	}
	list, problems, err := agentsKnown(ctx, s)
	if err != nil {
		return err
	}
	return command.Listing(s, o.output).Agents(list.Agents, problems)
}

// agentsKnown returns the agents that this machine or the local master knows, and by name the problems of those that no master
// has reported.
func agentsKnown(ctx context.Context, s *command.Streams) (operator.List, map[string]error, error) {
	var known reach.Agents
	if err := known.Find(ctx, s); err != nil {
		return operator.List{}, nil, err
	}
	defer known.Close()
	if known.Masters == nil {
		if err := findLocal(ctx, s, &known); err != nil {
			return operator.List{}, nil, err
		}
	}
	problems := askUnknown(ctx, &known)
	return known.List, problems, nil
}

// findLocal adds the agents of a master on this machine, where there is one.
func findLocal(ctx context.Context, s *command.Streams, p *reach.Agents) error {
	local, err := reach.LocalMaster(s, "")
	if err != nil { // none: what was added by hand is all
		return nil
	}
	defer local.Close()
	answer, err := local.List(ctx, 0)
	if err != nil {
		return err
	}
	p.List.Agents = append(p.List.Agents, answer.GetAgents()...)
	return nil
}

func watchAgents(ctx context.Context, s *command.Streams, o *agentListOptions) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	master, err := reach.MasterClient(s)
	if err != nil {
		return err
	}
	defer master.Close()
	err = master.Watch(ctx, func(answer *proto.ListResponse) error {
		if o.output != listing.JSON {
			fmt.Fprintln(s.Out, time.Now().Format(time.DateTime))
		}
		return command.Listing(s, o.output).Agents(answer.GetAgents(), nil)
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}
