package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/trust"
)

type masterRevokeOptions struct {
	masterDir
	name, role string
}

func newMasterRevokeCommand(s *Streams) *cobra.Command {
	var o masterRevokeOptions
	cmd := &cobra.Command{
		Use:   "revoke NAME",
		Short: "End all certificates of somebody, within seconds and everywhere",
		Long: `End all certificates of somebody, within seconds and everywhere. What a revoked operator runs just then is ended too.
He may join again with a new token.`,
		Example: "  sloth-runner master revoke anna --role operator",
		Args:    arguments([]string{"a name"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return revoke(cmd.Context(), s, &o)
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.role, "role", string(trust.Agent), "`ROLE` of NAME: agent, operator or reader")
	return cmd
}

func revoke(ctx context.Context, s *Streams, o *masterRevokeOptions) error {
	role, err := trust.ParseRole(o.role)
	if err != nil {
		return fmt.Errorf("--role: %w", err)
	}
	client, err := o.client(s)
	if err != nil {
		return err
	}
	defer client.Close()
	id := trust.Identity{Role: role, Name: o.name}
	n, err := client.Revoke(ctx, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%s is revoked (%d certificates)\n", id, n)
	return err
}
