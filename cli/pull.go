package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/plan/adhoc"
)

type pullOptions struct {
	launchOptions
	hosts   string
	paths   []string
	exclude []string
}

func newPullCommand(s *command.Streams, version string) *cobra.Command {
	o := pullOptions{launchOptions: launchOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "pull HOSTS PATH... DIR",
		Short: "Copy files and directories from hosts in parallel",
		Long: `Copy files and directories from hosts in parallel. HOSTS is what --delegate-to of "sloth-runner run" takes.

What a host sends is kept in DIR/HOST/PATH: no host chooses a path outside of its directory, and special characters in names are
written as %XX. A file that is there already is not sent again. Links, pipes and devices in directories are left out.`,
		Example: `  sloth-runner pull -i hosts.ini web /var/log/app.log logs
  sloth-runner pull -i hosts.ini web,db /etc/app backup --exclude '*.key'`,
		Args: command.Arguments([]string{"hosts", "a path on them", "a directory here"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.hosts, o.paths = args[0], args[1:]
			o.again = command.Again(cmd.CommandPath(), cmd.Flags(), "")
			return pull(cmd.Context(), s, &o)
		},
	}
	command.EndHelpWith(cmd, exitstatus.Exec)
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.exclude, "exclude", nil, "leave what matches `PATTERN` out of directories, as *.tmp; with a slash it is the path from the top (repeatable)")
	o.files.addLimitFlag(f)
	o.addFlags(f)
	return cmd
}

func pull(ctx context.Context, s *command.Streams, o *pullOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	last := len(o.paths) - 1
	made, err := adhoc.Pull(o.paths[:last], o.exclude)
	if err != nil {
		return err
	}
	if o.files.fetchTo = o.paths[last]; o.files.fetchTo == "" {
		return errors.New("the directory for what hosts send is empty")
	}
	return o.launchFiles(ctx, s, made, o.hosts, o.paths)
}
