package masters

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

type masterTokenOptions struct {
	masterDir
	name, role string
	ttl        time.Duration
}

func newMasterTokenCommand(s *command.Streams) *cobra.Command {
	var o masterTokenOptions
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make a token to join the master with, once",
		Long: `Make a token to join the master with, once, under the name and role that are given here. The token also has the fingerprint
of the master's authority, so that the side that joins can check the master.

Tokens for operators and readers are made on the master's machine; those for agents on any operator's.`,
		Example: `  sloth-runner master token --name web-1 --ttl 1h
  sloth-runner agent start web-1 --port 50051 --master master.example.com:50053 --token TOKEN`,
		Args: command.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return makeToken(cmd.Context(), s, &o) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.name, "name", "", "`NAME` of the agent or user that joins")
	cmd.Flags().StringVar(&o.role, "role", string(trust.Agent), "`ROLE` for which the token is: agent, operator or reader")
	command.AddDuration(cmd.Flags(), &o.ttl, "ttl", time.Hour, "how long it may be used")
	return cmd
}

func makeToken(ctx context.Context, s *command.Streams, o *masterTokenOptions) error {
	if o.name == "" {
		return command.ErrNoName
	}
	role, err := trust.ParseRole(o.role)
	if err != nil {
		return fmt.Errorf("--role: %w", err)
	}
	client, err := o.client(s)
	if err != nil {
		return err
	}
	defer client.Close()
	answer, err := client.CreateToken(ctx, trust.Identity{Role: role, Name: o.name}, o.ttl)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "for %s %s, once, until %s:\n", role, o.name, answer.GetExpires().AsTime().Local().Format(time.DateTime))
	_, err = fmt.Fprintln(s.Out, answer.GetToken())
	return err
}

// client is the administrator's where the master is here, and else the operator's.
func (o *masterDir) client(s *command.Streams) (*client.Client, error) {
	if o.dir != "" {
		return reach.LocalMaster(s, o.dir)
	}
	return reach.MasterClient(s)
}
