package masters

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/registry"
)

func New(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "master",
		Short: "The master, with which persistent agents register",
		RunE:  command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Master)
	cmd.AddCommand(newMasterInitCommand(s), newMasterStartCommand(s), newMasterSetCommand(s), newMasterTokenCommand(s), newMasterRevokeCommand(s), newMasterMigrateCommand(s),
		newMasterInstallCommand(s), newMasterUninstallCommand(s), newMasterSuperviseCommand(s))
	return cmd
}

// masterDir is where a master is.
type masterDir struct{ dir string }

func (o *masterDir) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.dir, "dir", "", "`DIR` of the master (default /var/lib/sloth-runner/master, or below ~/.local/state)")
}

func (o *masterDir) path(s *command.Streams) (string, error) {
	if o.dir != "" {
		return o.dir, nil
	}
	return registry.StateDir(s.Getenv)
}
