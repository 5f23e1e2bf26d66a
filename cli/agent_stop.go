package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func newAgentStopCommand(s *Streams) *cobra.Command {
	var grace time.Duration
	cmd := &cobra.Command{
		Use:   "stop NAME",
		Short: "Stop a persistent agent, when its runs have ended",
		Long: `Stop a persistent agent, when its runs have ended. It begins no more of them from now on. An agent that is a service is
started again by its service manager: uninstall it, or stop the service.`,
		Args: arguments([]string{"the name of an agent"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error { return stopAgent(cmd.Context(), s, args[0], grace) },
	}
	addDuration(cmd.Flags(), &grace, "grace", time.Minute, "how long runs may go on that are under way")
	return cmd
}

func stopAgent(ctx context.Context, s *Streams, name string, grace time.Duration) error {
	var known persistentAgents
	if err := known.find(ctx, s); err != nil {
		return err
	}
	defer known.close()
	found, err := agentNamed(known.list.Agents, name)
	if err != nil {
		return err
	}
	dialer := known.dialer(10*time.Second, false)
	runs, err := dialer.Stop(ctx, targetOf(found), grace)
	if err != nil {
		return err
	}
	if runs > 0 {
		_, err = fmt.Fprintf(s.Out, "agent %s stops when its %d runs have ended, or in %s\n", name, runs, grace)
		return err
	}
	_, err = fmt.Fprintf(s.Out, "agent %s stops\n", name)
	return err
}
