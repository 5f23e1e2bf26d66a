package masters

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/registry"
)

type masterMigrateOptions struct {
	masterDir
	etcdOptions
	file bool
}

func newMasterMigrateCommand(s *command.Streams) *cobra.Command {
	var o masterMigrateOptions
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move the registry to an etcd that several masters share, or back to a file",
		Long: `Move the registry of the master on this machine, which has to be stopped, to an etcd that several masters share, or back
to a file. Agents, operators, tokens and revocations are what they were.

It may be interrupted, and run again. The old registry stays where it is, and says where it went: no master goes on with it.`,
		Example: `  sloth-runner master migrate --etcd https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379 --etcd-ca ca.pem
  sloth-runner master migrate --file`,
		Args: command.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return migrate(cmd.Context(), s, &o) },
	}
	o.masterDir.addFlags(cmd.Flags())
	o.etcdOptions.addFlags(cmd.Flags())
	cmd.Flags().BoolVar(&o.file, "file", false, "move it to a file in the master's directory")
	return cmd
}

func migrate(ctx context.Context, s *command.Streams, o *masterMigrateOptions) error {
	dir, err := o.path(s)
	if err != nil {
		return err
	}
	etcd, err := o.etcd()
	if err != nil {
		return err
	}
	if o.file == (etcd != nil) {
		return errors.New("say where to: --etcd URLS or --file")
	}
	migration, err := registry.NewMigration(dir, etcd)
	if err != nil {
		return err
	}
	n, err := migration.Run(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "the registry is in %s now (%d entries); next:\n  sloth-runner master start\n", migration.To(), n)
	return err
}
