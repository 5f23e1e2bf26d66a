package agents

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/fault"
	"sloth-runner/view/layout"
)

func newAgentStopCommand(s *command.Streams) *cobra.Command {
	var grace time.Duration
	cmd := &cobra.Command{
		Use:   "stop NAME",
		Short: "Stop a persistent agent, when its runs have ended",
		Long: `Stop a persistent agent, when its runs have ended. It begins no more of them from now on. An agent that is a service is
started again by its service manager, which the command then says: to have it stay stopped, stop the service or uninstall it.`,
		Args: command.Arguments([]string{"the name of an agent"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error { return stopAgent(cmd.Context(), s, args[0], grace) },
	}
	command.AddDuration(cmd.Flags(), &grace, "grace", time.Minute, "how long runs may go on that are under way")
	return cmd
}

func stopAgent(ctx context.Context, s *command.Streams, name string, grace time.Duration) error {
	var known reach.Agents
	if err := known.Find(ctx, s); err != nil {
		return err
	}
	defer known.Close()
	found, err := agentNamed(known.List.Agents, name)
	if err != nil {
		return err
	}
	dialer := known.Dialer(10*time.Second, false)
	answer, err := dialer.Stop(ctx, targetOf(found), grace)
	if err != nil {
		return err
	}
	when := ""
	if runs := answer.GetRuns(); runs > 0 {
		when = fmt.Sprintf(" when its %d runs have ended, or in %s", runs, grace)
	}
	again := ""
	if kind := answer.GetService(); kind != "" {
		again = ", and is started again within seconds: it is a service of its host's " + layout.Escape(fault.Bound(kind, maxServiceText))
	}
	if _, err = fmt.Fprintf(s.Out, "agent %s stops%s%s\n", name, when, again); err != nil || again == "" {
		return err
	}
	hint := "`sloth-runner agent uninstall` of its host removes it"
	if command := answer.GetStopCommand(); command != "" {
		hint = fmt.Sprintf("`%s` there stops it until it is started, and %s", fault.Bound(command, maxServiceText), hint)
	}
	_, err = fmt.Fprintln(s.Err, "hint: "+layout.Escape(hint))
	return err
}

// maxServiceText bounds what is shown of an agent's words about its service, in bytes.
const maxServiceText = 500
