package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/leave"
	"sloth-runner/internal/sharedinput"
	"sloth-runner/journal"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/view"
)

// launchOptions are what every command takes that runs something on hosts: which they are, how they are reached, how
// much is done at once, and what is shown and kept of it.
type launchOptions struct {
	reach.Options
	version string
	become  reach.Become
	forks   int
	timeout time.Duration
	output  string
	keep    int
	// noRecord leaves no record behind.
	noRecord  bool
	keepGoing bool
	// diff shows what changes.
	diff bool
	// dryRun changes nothing on the hosts.
	dryRun bool
	// stdin is for the task; nil: it gets none.
	stdin     *sharedinput.Input
	logLimit  command.ByteSize
	verbosity int
	// notices are said when the run begins.
	notices []string
	// again is the command line of the same run on hosts that are still to be named.
	again string
	// began is what began the run, for its record.
	began *proto.Invocation
	// files are what the run offers and takes.
	files files
	// againByLimit names them with --limit.
	againByLimit bool
}

// defaultLogLimit is how much a host may print into a record.
const defaultLogLimit = 1 << 30

func (o *launchOptions) addFlags(f *pflag.FlagSet) {
	o.Options.AddFlags(f)
	o.become.AddFlags(f)
	f.IntVar(&o.forks, "forks", 0, "work on at most `N` hosts at once; 0: all")
	command.AddDuration(f, &o.timeout, "timeout", 0, "`LIMIT` for the work on each host, as 10m; 0: none")
	f.StringVarP(&o.output, "output", "o", view.TextFormat, "`FORMAT` of the output: "+view.FormatHelp())
	f.IntVar(&o.keep, "keep", reach.UsualKeep, "keep the records of the last `N` runs, and of the last N single commands; the configuration file may have another default")
	f.BoolVar(&o.noRecord, "no-record", false, "leave no record of this run behind")
	o.logLimit = defaultLogLimit
	f.Var(&o.logLimit, "log-limit", "keep at most `SIZE` of what each host prints in the record, and of more the beginning and the end; 0: all")
	f.CountVarP(&o.verbosity, "verbose", "v", "say more; -vv also what hosts print before the agent starts")
}

// addDiff adds the flag of commands that change what modules know.
func (o *launchOptions) addDiff(f *pflag.FlagSet) {
	f.BoolVar(&o.diff, "diff", false, "show what was changed on hosts, and unified diffs of texts")
}

func (o *launchOptions) check() error {
	switch {
	case !slices.Contains(view.Formats(), o.output):
		return fmt.Errorf("--output is %s, not %q", strings.Join(view.Formats(), " or "), o.output)
	case o.diff && !slices.Contains(view.FormatsWith("diff"), o.output):
		return fmt.Errorf("--diff is for --output %s", strings.Join(view.FormatsWith("diff"), " or "))
	case o.forks < 0:
		return errors.New("--forks can't be negative")
	case o.timeout < 0:
		return errors.New("--timeout can't be negative")
	case o.keep < 1:
		return errors.New("--keep must be at least 1")
	}
	if err := o.become.Check(); err != nil {
		return err
	}
	return o.SSH.Check()
}

// launch does it all: connections, record, run, view. adapt says how this command is shown.
func (o *launchOptions) launch(ctx context.Context, s *command.Streams, plan *plan.Plan, jobs []runner.Job, adapt func(*view.Config)) error {
	reach.SayNotes(s, o.Defaults.SSHConfig, o.verbosity)
	server, library, err := o.files.Server(plan)
	if err != nil {
		return err
	}
	defer library.Close()
	connector, closeConnector, err := reach.Connect(ctx, s, &o.Options, o.version, jobs)
	if err != nil {
		return err
	}
	defer closeConnector()
	// A person is asked for passwords in the order in which they are needed.
	become, err := o.become.Read(ctx, s)
	if err != nil {
		return err
	}
	keep := o.keep
	if !o.SSH.Given("keep") {
		keep = reach.ConfiguredKeep(s)
	}
	record, err := reach.NewRecord(s, keep, o.began.GetKind())
	if err != nil {
		return err
	}
	server.Limits, server.Shelf = connector.Uploads(&o.Options), o.files.shelf(record, o.noRecord)
	show := o.view(s, record, adapt)
	record.LimitLogs(int64(o.logLimit), show.Event)
	signals := watchSignals(ctx)
	defer signals.stop()
	// A sink that blocks, as a terminal that was stopped, must not keep a person who wants to leave.
	defer leave.Within(signals.ctx, func() bool { return blocked(s) }, func() { leaveNow(s, record.ID()) })()
	config := runner.Config{
		ID: record.ID(), Version: o.version, Invocation: o.began, Plan: plan, Jobs: jobs,
		Connector: connector, Files: server, Sinks: []runner.Sink{record, show}, Notices: o.notices, Become: become,
		KeepGoing: o.keepGoing, DryRun: o.dryRun, Forks: reach.AtOnce(o.forks), Timeout: o.timeout, AnswerTimeout: o.SSH.ConnectTimeout,
		Interrupt: signals.interrupt,
	}
	if o.stdin != nil {
		config.Stdin = o.stdin
	}
	result, err := runner.Run(signals.ctx, config)
	viewErr, recordErr := show.Close(), o.endRecord(record)
	if err != nil {
		return err
	}
	return outcome(s, result, viewErr, recordErr)
}

// endRecord ends the record of a run, which stays unless none is wanted.
func (o *launchOptions) endRecord(record *journal.Record) error {
	if o.noRecord {
		return record.Discard()
	}
	return record.Close()
}

func (o *launchOptions) view(s *command.Streams, record *journal.Record, adapt func(*view.Config)) view.Sink {
	config := command.ViewConfig(s, o.verbosity)
	config.Line = record.Line
	config.Again, config.AgainByLimit, config.NoRecord = o.again, o.againByLimit, o.noRecord
	config.Diff = o.diff
	if !o.noRecord {
		config.AgainFile = record.AgainFile()
	}
	adapt(&config)
	show := view.Open(o.output, config)
	o.SSH.Pause = show.Pause
	return show
}

// outcome is the exit status of a run that took place. What could not be written is said; output that is missing is a
// failure, but never that nothing was run.
func outcome(s *command.Streams, result *state.Run, viewErr, recordErr error) error {
	status := result.ExitStatus
	if recordErr != nil {
		// The run itself is not worse for it.
		command.Say(s.Err, fmt.Errorf("the record of this run is not complete: %w", recordErr))
	}
	if viewErr != nil {
		command.Say(s.Err, viewErr)
		status = exitstatus.AndFailed(status)
	}
	if status != exitstatus.Success {
		return command.Exit(status)
	}
	return nil
}
