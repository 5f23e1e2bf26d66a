package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/journal"
	"sloth-runner/runner"
	"sloth-runner/sloth"
	"sloth-runner/view"
)

type runOptions struct {
	version     string
	file        string
	groups      []string
	delegateTo  []string
	limit       []string
	inventories []string
	defaults    inventory.Defaults
	ssh         sshOptions
	sshConfig   sshConfigOptions
	forks       int
	timeout     time.Duration
	output      string
	keep        int
	verbosity   int
	// again is the command line of the same run on hosts that are still to be named.
	again string
}

func newRunCommand(s *Streams, version string) *cobra.Command {
	o := runOptions{version: version}
	cmd := &cobra.Command{
		Use:   "run -f FILE [flags]",
		Short: "Run the tasks of a .sloth file on hosts in parallel",
		Long: `Run the tasks of a .sloth file on hosts in parallel.

Hosts are named by --delegate-to, or by delegate_to in the file; without either, tasks run on this machine. A host is
  NAME              a host or group of the inventory; see "sloth-runner inventory"
  PATTERN           web*, web[1-20], web[0], ~REGEX, @FILE, and of several a:b, a:&b (both), a:!b (without)
  HOST:PORT         a persistent agent, see "sloth-runner agent start"
  USER@HOST, ssh://[USER@]HOST[:PORT]
                    an SSH server; nothing needs to be installed there
  HOST              a Host of your ssh_config, or a name that DNS knows: an SSH server
  localhost         this machine`,
		Example: `  sloth-runner run -f deploy.sloth --delegate-to web-1 --delegate-to web-2
  sloth-runner run -f deploy.sloth -i hosts.ini --delegate-to web,db-1
  sloth-runner run -f deploy.sloth --delegate-to deploy@10.0.0.7 -k ~/.ssh/deploy
  sloth-runner run -f deploy.sloth --delegate-to 'web*:!web-3' --limit @retry.txt`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.file != "-" { // what stood on standard input is gone
				o.again = againCommand(cmd.CommandPath(), cmd.Flags(), "delegate-to")
			}
			return run(cmd.Context(), s, &o)
		},
	}
	endHelpWith(cmd, runExitCodes)
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.file, "file", "f", "", "the .sloth `FILE`; - reads it from standard input")
	f.StringArrayVar(&o.groups, "group", nil, "run only this `GROUP` of the file (repeatable)")
	f.StringArrayVar(&o.delegateTo, "delegate-to", nil, "run on this `HOST`, instead of where the file says (repeatable, or a comma list)")
	f.StringArrayVar(&o.limit, "limit", nil, "of the hosts that are named, run only on those of this `PATTERN` (repeatable)")
	f.StringArrayVarP(&o.inventories, "inventory", "i", nil, "inventory `FILE` with hosts and groups (repeatable)")
	f.StringVarP(&o.defaults.User, "user", "u", "", "log in as `USER` where nothing else is said")
	f.StringVarP(&o.defaults.PrivateKey, "private-key", "k", "", "private key `FILE` where nothing else is said")
	f.IntVar(&o.defaults.Port, "port", 0, "SSH `PORT` where nothing else is said")
	o.sshConfig.addFlags(f)
	o.ssh.addFlags(f)
	f.IntVar(&o.forks, "forks", 0, "work on at most `N` hosts at once; 0: all")
	f.DurationVar(&o.timeout, "timeout", 0, "`LIMIT` for the work on each host, as 10m; 0: none")
	f.StringVarP(&o.output, "output", "o", "text", "`FORMAT` of the output: text, or jsonl (events, one a line)")
	f.IntVar(&o.keep, "keep", 100, "keep the records of the last `N` runs")
	f.CountVarP(&o.verbosity, "verbose", "v", "say more; -vv also what hosts print before the agent starts")
	return cmd
}

// run does it all: file, hosts, connections, record, view.
func run(ctx context.Context, s *Streams, o *runOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	plan, err := loadPlan(ctx, s, o.file)
	if err != nil {
		return err
	}
	o.sshConfig.apply(&o.defaults)
	jobs, err := o.jobs(ctx, s, plan)
	sayNotes(s, o.defaults.SSHConfig, o.verbosity)
	if err != nil {
		return err
	}
	connector, closeConnector, err := newConnector(s, &o.ssh, o.version, jobs)
	if err != nil {
		return err
	}
	defer closeConnector()
	record, err := newRecord(s, o.keep)
	if err != nil {
		return err
	}
	show, closeView := o.view(s)
	signals := watchSignals(ctx)
	defer signals.stop()
	result, err := runner.Run(signals.ctx, runner.Config{
		ID: record.ID(), Version: o.version, Plan: plan, Jobs: jobs,
		Connector: connector, Sinks: []runner.Sink{record, show},
		Forks: o.forks, Timeout: o.timeout, AnswerTimeout: o.ssh.connectTimeout,
		Interrupt: signals.interrupt,
	})
	viewErr, recordErr := closeView(), record.Close()
	if err != nil {
		return err
	}
	return outcome(s, result, viewErr, recordErr)
}

// outcome is the exit status of a run that took place. What could not be written is said; output that is missing is a
// failure, but never that nothing was run.
func outcome(s *Streams, result *runner.Result, viewErr, recordErr error) error {
	status := result.ExitStatus
	if recordErr != nil {
		// The run itself is not worse for it.
		say(s.Err, fmt.Errorf("the record of this run is not complete: %w", recordErr))
	}
	if viewErr != nil {
		say(s.Err, viewErr)
		if status == runner.ExitSuccess {
			status = runner.ExitFailed
		}
	}
	if status != runner.ExitSuccess {
		return exitError(status)
	}
	return nil
}

func (o *runOptions) check() error {
	switch {
	case o.file == "":
		return errors.New("name the file to run with -f FILE")
	case o.output != "text" && o.output != "jsonl":
		return fmt.Errorf("--output is text or jsonl, not %q", o.output)
	case o.forks < 0:
		return errors.New("--forks can't be negative")
	case o.timeout < 0:
		return errors.New("--timeout can't be negative")
	case o.keep < 1:
		return errors.New("--keep must be at least 1")
	}
	return o.ssh.check()
}

// view returns what shows the run, and what ends it.
func (o *runOptions) view(s *Streams) (runner.Sink, func() error) {
	if o.output == "jsonl" {
		lines := view.NewJSONLines(s.Out)
		return lines, lines.Close
	}
	config := viewConfig(s, o.verbosity)
	config.Again = o.again
	text := view.NewText(config)
	return text, text.Close
}

func loadPlan(ctx context.Context, s *Streams, file string) (*sloth.Plan, error) {
	in, name := s.In, "standard input"
	if file != "-" {
		name = file
		f, err := os.Open(file)
		if err != nil {
			return nil, unreadable(name, err)
		}
		defer f.Close()
		in = f
	}
	source, err := io.ReadAll(io.LimitReader(in, sloth.MaxSource+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	return sloth.Load(ctx, name, source)
}

// unreadable says why a file can't be read, without the system call.
func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("can't read %s: %w", name, err)
}

// newRecord begins the record of a run, and removes those of old ones.
func newRecord(s *Streams, keep int) (*journal.Record, error) {
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return nil, err
	}
	record, err := journal.Create(dir, journal.NewID(time.Now()))
	if err != nil {
		return nil, &fault.Error{Err: err, Hint: "nothing was run; another place for records is set with XDG_STATE_HOME"}
	}
	if err := journal.Prune(dir, keep); err != nil {
		say(s.Err, fmt.Errorf("remove old records: %w", err))
	}
	return record, nil
}
