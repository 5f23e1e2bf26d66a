package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/internal/fault"
	"sloth-runner/registry"
	"sloth-runner/registry/client"
)

func newMasterCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "master",
		Short: "The master, with which persistent agents register",
		RunE:  subcommandOnly,
	}
	endHelpWith(cmd, masterExitCodes)
	cmd.AddCommand(newMasterInitCommand(s), newMasterStartCommand(s), newMasterSetCommand(s), newMasterTokenCommand(s), newMasterRevokeCommand(s), newMasterMigrateCommand(s),
		newMasterInstallCommand(s), newMasterUninstallCommand(s), newMasterSuperviseCommand(s))
	return cmd
}

// masterDir is where a master is.
type masterDir struct{ dir string }

func (o *masterDir) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.dir, "dir", "", "`DIR` of the master (default /var/lib/sloth-runner/master, or below ~/.local/state)")
}

func (o *masterDir) path(s *Streams) (string, error) {
	if o.dir != "" {
		return o.dir, nil
	}
	return registry.StateDir(s.Getenv)
}

// localMaster speaks with the master that runs on this machine, as its administrator.
func localMaster(s *Streams, dir string) (*client.Client, error) {
	path, err := (&masterDir{dir}).path(s)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(registry.SocketPath(path)); err != nil {
		return nil, &fault.Error{
			Err:  fmt.Errorf("no master runs in %s", path),
			Hint: "start it with `sloth-runner master start`; as another user it may be in another directory (--dir)",
		}
	}
	return client.NewLocal(registry.SocketPath(path)), nil
}

var errNoName = errors.New("a name is needed: --name")
