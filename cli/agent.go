package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sloth-runner/agent"
)

func newAgentCommand(s *Streams, version string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "The agent on a host",
		RunE:  subcommandOnly,
	}
	endHelpWith(cmd, agentExitCodes)
	cmd.AddCommand(newAgentStartCommand(s, version))
	return cmd
}

type agentStartOptions struct {
	version string
	name    string
	address string
	port    int
}

func newAgentStartCommand(s *Streams, version string) *cobra.Command {
	o := agentStartOptions{version: version}
	cmd := &cobra.Command{
		Use:   "start NAME",
		Short: "Start a persistent agent, which serves until it is stopped",
		Long: `Start a persistent agent, which serves until it is stopped. Runs reach it as --delegate-to HOST:PORT.

It has no authentication yet and therefore listens on loopback only: any user of this machine can run commands as
the user who starts it.`,
		Example: "  sloth-runner agent start web-prod-1 --port 50051",
		Args:    arguments([]string{"a name for the agent"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return startAgent(cmd.Context(), s, &o)
		},
	}
	cmd.Flags().StringVar(&o.address, "address", "127.0.0.1", "loopback `ADDRESS` to listen on")
	cmd.Flags().IntVar(&o.port, "port", agent.DefaultPort, "`PORT` to listen on; 0: any that is free")
	return cmd
}

func startAgent(ctx context.Context, s *Streams, o *agentStartOptions) error {
	listener, err := agent.Listen(ctx, o.address, o.port)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	fmt.Fprintf(s.Out, "agent %s listens on %s\n", o.name, listener.Addr())
	return (&agent.Service{Version: o.version}).ServeTCP(ctx, listener)
}
