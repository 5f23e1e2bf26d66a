package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/plan/adhoc"
	"sloth-runner/sloth/modules/file/chmod"
)

type pushOptions struct {
	launchOptions
	hosts   string
	paths   []string
	copying adhoc.Copying
}

func newPushCommand(s *command.Streams, version string) *cobra.Command {
	o := pushOptions{launchOptions: launchOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "push HOSTS FILE... DEST",
		Short: "Copy files and directories to hosts in parallel",
		Long: `Copy files and directories to hosts in parallel. HOSTS is what --delegate-to of "sloth-runner run" takes.

A FILE goes into DEST where DEST ends with / or is a directory on the host, as with cp; else it is copied as DEST. A directory is
copied with all that is in it. What a host has already is not sent. A file there is the old one or the new one at every moment.`,
		Example: `  sloth-runner push -i hosts.ini web app.conf /etc/app/
  sloth-runner push -i hosts.ini web dist /opt/app --delete --exclude '*.tmp'
  sloth-runner push -i hosts.ini web,db motd /etc/motd --mode 0644 --owner root:root --become --diff --dry-run`,
		Args: command.Arguments([]string{"hosts", "a file", "where it goes"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.hosts, o.paths = args[0], args[1:]
			o.again = command.Again(cmd.CommandPath(), cmd.Flags(), "")
			return push(cmd.Context(), s, &o)
		},
	}
	command.EndHelpWith(cmd, exitstatus.Exec)
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.copying.Delete, "delete", false, "remove what is in a directory on the host and not in the copied one")
	f.StringArrayVar(&o.copying.Exclude, "exclude", nil, "leave what matches `PATTERN` out of directories, as *.tmp; with a slash it is the path from the top (repeatable)")
	f.StringVar(&o.copying.Mode, "mode", "", "`MODE` of files, as 0644 or u=rw,go=r (default as it is; 0644 for a new file, 0755 for one that can be executed here)")
	f.StringVar(&o.copying.Owner, "owner", "", "`USER`, USER:GROUP or :GROUP that they belong to (default as it is)")
	f.BoolVar(&o.dryRun, "dry-run", false, "change nothing on the hosts, and say what would be changed")
	o.addFlags(f)
	o.addDiff(f)
	return cmd
}

func push(ctx context.Context, s *command.Streams, o *pushOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if mode := o.copying.Mode; mode != "" {
		if err := new(chmod.Mode).Set(mode); err != nil {
			return fmt.Errorf("--mode %q: %w", mode, err)
		}
	}
	last := len(o.paths) - 1
	made, err := adhoc.Push(o.paths[:last], o.paths[last], o.copying)
	if err != nil {
		return err
	}
	return o.launchFiles(ctx, s, made, o.hosts, o.paths)
}
