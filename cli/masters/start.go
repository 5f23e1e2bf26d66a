package masters

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/registry"
	"sloth-runner/view/layout"
)

// garbage is how much memory a master may fill before what is unused of it is found, in percent of what is in use. Most that
// it holds is one connection for each agent, and little is made anew: looking more often costs nothing to speak of.
const garbage = 25

func newMasterStartCommand(s *command.Streams) *cobra.Command {
	var o masterDir
	cmd := &cobra.Command{
		Use:   "start",
		Short: "Serve the registry until stopped",
		Args:  command.NoArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return startMaster(cmd.Context(), s, &o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func startMaster(ctx context.Context, s *command.Streams, o *masterDir) error {
	dir, err := o.path(s)
	if err != nil {
		return err
	}
	config, err := registry.LoadConfig(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // Open says what to do about that
		return err
	}
	config.Warn = func(err error) { fmt.Fprintln(s.Err, "warning: "+layout.Escape(err.Error())) }
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	master, err := registry.Open(ctx, dir, config)
	if err != nil {
		return err
	}
	if s.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	fmt.Fprintf(s.Out, "the master serves %s\n", master.Address())
	return master.Serve(ctx)
}
