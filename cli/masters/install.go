package masters

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"sloth-runner/agent/service"
	"sloth-runner/cli/command"
	"sloth-runner/provision"
	"sloth-runner/registry"
	"sloth-runner/view/layout"
)

func newMasterInstallCommand(s *command.Streams) *cobra.Command {
	var o masterDir
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Make the master on this machine a service, and start it",
		Long: `Make the master on this machine a service, and start it: of systemd, OpenRC or launchd, and otherwise a process that is started
again when it ends. As root it is the system's, else the user's own. It runs the program where it is now, which only root and
this user may be able to change.

Run again, for instance with another version of the program, it starts the master anew.`,
		Example: `  sloth-runner master init --masters master.example.com:50053
  sloth-runner master install`,
		Args: command.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return installMaster(cmd.Context(), s, &o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func installMaster(ctx context.Context, s *command.Streams, o *masterDir) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	master, err := o.master(s)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	kind, note, err := master.Install(ctx, program)
	if err != nil {
		return err
	}
	if note != "" {
		fmt.Fprintln(s.Err, "note: "+layout.Escape(note))
	}
	_, err = fmt.Fprintf(s.Out, "the master in %s runs as a service: %s\n", master.Dir, kind)
	return err
}

func newMasterUninstallCommand(s *command.Streams) *cobra.Command {
	var o masterDir
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Stop the master's service and remove it; its directory stays",
		Args:  command.NoArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return uninstallMaster(cmd.Context(), s, &o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func uninstallMaster(ctx context.Context, s *command.Streams, o *masterDir) error {
	master, err := o.master(s)
	if err != nil {
		return err
	}
	was, note, err := master.Uninstall(ctx)
	if note != "" {
		fmt.Fprintln(s.Err, "note: "+layout.Escape(note))
	}
	switch {
	case err != nil:
		return err
	case !was:
		_, err = fmt.Fprintf(s.Out, "the master in %s is no service\n", master.Dir)
	default:
		_, err = fmt.Fprintf(s.Out, "the master in %s is no service any more; its authority and registry stay there\n", master.Dir)
	}
	return err
}

// newMasterSuperviseCommand is what keeps a master running where there is nothing else for that.
func newMasterSuperviseCommand(s *command.Streams) *cobra.Command {
	var o masterDir
	cmd := &cobra.Command{
		Use: "supervise", Hidden: true, Args: command.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			master, err := o.master(s)
			if err != nil {
				return err
			}
			return service.Supervise(master.Spec())
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

// master is the master in the directory, as a service.
func (o *masterDir) master(s *command.Streams) (*provision.Master, error) {
	usual, err := registry.StateDir(s.Getenv)
	if err != nil {
		return nil, err
	}
	dir, err := o.path(s)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	m := &provision.Master{Dir: dir, IsUsual: dir == usual, Place: service.Place{Root: s.Getenv("SLOTH_RUNNER_ROOT"), UID: os.Geteuid()}}
	if m.Place.UID != 0 {
		m.Place.Home, err = os.UserHomeDir()
	}
	return m, err
}
