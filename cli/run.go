package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/plan"
	"sloth-runner/sloth"
	"sloth-runner/view"
)

type runOptions struct {
	launchOptions
	file       string
	groups     []string
	delegateTo []string
	quiet      bool
	// limitAnyway lets --limit leave no host to a task that others depend on.
	limitAnyway bool
}

func newRunCommand(s *command.Streams, version string) *cobra.Command {
	o := runOptions{launchOptions: launchOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "run FILE [flags]",
		Short: "Run the tasks of a .sloth file on hosts in parallel",
		Long: `Run the tasks of a .sloth file on hosts in parallel. run FILE is run -f FILE.

Hosts are named by --delegate-to, or by delegate_to in the file. Without either, tasks run on this machine, but with -i,
--limit or another user to become only by --delegate-to localhost. A host is
  NAME              a host or group of the inventory; see "sloth-runner inventory"
  PATTERN           web*, web[1-20], web[0], ~REGEX, @FILE, and of several a:b, a:&b (both), a:!b (without)
  HOST:PORT         a persistent agent, see "sloth-runner agent start"
  USER@HOST, ssh://[USER@]HOST[:PORT]
                    an SSH server; nothing needs to be installed there
  HOST              a Host of your ssh_config, or a name that DNS knows: an SSH server
  localhost         this machine

With --dry-run, hosts are connected to and functions run, but they only look; later calls see what earlier ones would have
changed. Commands, scripts and exec.run are not run, but for exec.run with changes = false and exec.read. A task that needs
the output of one that was not run ends there, as done. On a host without the agent, the agent is copied to its cache as in
any run; nothing else is written there.`,
		Example: `  sloth-runner run -f deploy.sloth --delegate-to web-1 --delegate-to web-2
  sloth-runner run deploy.sloth -i hosts.ini
  sloth-runner run deploy.sloth -i hosts.ini --dry-run
  sloth-runner run -f deploy.sloth -i hosts.ini --delegate-to web,db-1
  sloth-runner run -f deploy.sloth --delegate-to deploy@10.0.0.7 -k ~/.ssh/deploy
  sloth-runner run -f deploy.sloth --delegate-to 'web*:!web-3' --limit @retry.txt`,
		Args: func(cmd *cobra.Command, args []string) error { return o.takeFile(cmd, args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.file != "-" { // what stood on standard input is gone
				o.again = command.Again(cmd.CommandPath()+o.fileWord(cmd), cmd.Flags(), "delegate-to", "limit")
				// A task that the limit left out has other hosts.
				o.againByLimit = len(o.Limit) > 0 && len(o.delegateTo) == 0
			}
			return run(cmd.Context(), s, &o)
		},
	}
	command.EndHelpWith(cmd, exitstatus.Run)
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.file, "file", "f", "", "the .sloth `FILE`, which may also stand without -f; - reads it from standard input")
	f.StringArrayVar(&o.groups, "group", nil, "run only this `GROUP` of the file (repeatable)")
	f.StringArrayVarP(&o.delegateTo, "delegate-to", "d", nil, "run on this `HOST`, instead of where the file says (repeatable, or a comma list)")
	f.BoolVar(&o.keepGoing, "keep-going", false, "let a failed task end nothing but what depends on it; else it ends all that the host would do after it")
	f.BoolVar(&o.dryRun, "dry-run", false, "change nothing on the hosts, and say what a run would: commands are not run, and functions look and don't change")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "leave out what commands print that a function runs with exec.run; messages, and what shell commands print, stay")
	o.addDiff(f)
	f.BoolVar(&o.limitAnyway, "limit-anyway", false, "run although --limit leaves no host to a task that others depend on: it counts as done")
	o.addFlags(f)
	o.files.addFlags(f)
	return cmd
}

// run takes the plan from the file, and the hosts from where they are named.
func run(ctx context.Context, s *command.Streams, o *runOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.file != "-" {
		o.files.Base = filepath.Dir(o.file)
	}
	plan, err := loadPlan(ctx, s, o.file)
	if err != nil {
		return err
	}
	jobs, err := o.jobs(ctx, s, plan)
	if err != nil {
		return err
	}
	o.began = o.Invocation(s, reach.KindRun, plan.Source)
	return o.launch(ctx, s, plan, jobs, func(c *view.Config) { c.Quiet = o.quiet })
}

func (o *runOptions) check() error {
	if o.file == "" {
		return errors.New("name the file to run: `sloth-runner run FILE`")
	}
	return o.launchOptions.check()
}

func loadPlan(ctx context.Context, s *command.Streams, file string) (*plan.Plan, error) {
	in, name := s.In, "standard input"
	if file != "-" {
		name = file
		f, err := os.Open(file)
		if err != nil {
			return nil, command.Unreadable(name, err)
		}
		defer f.Close()
		in = f
	}
	source, err := io.ReadAll(io.LimitReader(in, sloth.MaxSource+1))
	if err != nil {
		return nil, command.Unreadable(name, err)
	}
	return sloth.Load(ctx, name, source)
}
