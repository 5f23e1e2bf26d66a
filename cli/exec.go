package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/shell"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/plan/adhoc"
	"sloth-runner/runner"
	"sloth-runner/view"
)

type execOptions struct {
	launchOptions
	// Hosts are the words before the dashes, words those behind them.
	hosts, words []string
	script       string
	noStdin      bool
	gather       bool
	// gatherGiven says that gather was not left to us.
	gatherGiven bool
}

func newExecCommand(s *command.Streams, version string) *cobra.Command {
	o := execOptions{launchOptions: launchOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "exec HOST... [flags] -- COMMAND...",
		Short: "Run a command or a script on hosts in parallel",
		Long: `Run a command or a script on hosts in parallel. A HOST is what --delegate-to of "sloth-runner run" takes.

A COMMAND of one word is for sh on each host: quote it here. Several words are a program and its arguments, which run
without a shell and reach it as they are. With --script, or - for a script on standard input, words behind -- are
arguments of the script.

Standard input is passed on to the command on every host, unless it is a terminal or -n is given: needed in loops that
read their own, as "while read host". The slowest host sets the pace.

What hosts print on stdout and stderr goes to stdout and stderr, each line with its host in front. Nothing else is said
when all goes well.`,
		Example: `  sloth-runner exec -i hosts.ini web -- uptime
  sloth-runner exec -i hosts.ini web db-1 -- 'df -h | grep /var'
  sloth-runner exec -i hosts.ini web -- rm -f '/tmp/old report.txt'
  sloth-runner exec -i hosts.ini web -- 'cat > /etc/motd' < motd
  sloth-runner exec -i hosts.ini web --script check.py -- --verbose
  sloth-runner exec -i hosts.ini web - < check.sh`,
		Args: func(cmd *cobra.Command, args []string) error { return o.take(cmd, args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.gatherGiven = cmd.Flags().Changed("gather")
			if o.script != "-" { // what stood on standard input is gone
				o.again = command.Again(cmd.CommandPath(), cmd.Flags(), "")
			}
			return runCommand(cmd.Context(), s, &o)
		},
	}
	command.EndHelpWith(cmd, exitstatus.Exec)
	cmd.SetFlagErrorFunc(command.ExecFlagError)
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.script, "script", "", "run this local `FILE` on the hosts, with the interpreter in its first line, else sh; - is standard input")
	f.BoolVarP(&o.noStdin, "no-stdin", "n", false, "don't read standard input: the command's is empty")
	f.BoolVar(&o.gather, "gather", false, "print what is the same on several hosts once, when all are done (default on a terminal above 5 hosts)")
	o.addFlags(f)
	return cmd
}

// mostInterleaved is the most hosts whose lines a person follows as they come.
const mostInterleaved = 5

// runCommand runs the command or script, and shows what it prints.
func runCommand(ctx context.Context, s *command.Streams, o *execOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	toRun, err := o.plan(s)
	if err != nil {
		return err
	}
	resolver, err := o.Resolver(ctx, s)
	if err != nil {
		return err
	}
	targets := resolver.Resolve(ctx, o.hosts)
	if err := errors.Join(errors.Join(resolver.Errs...), resolver.Hosts.Check()); err != nil {
		return err
	}
	if !o.noStdin && o.script != "-" {
		o.stdin = inputToPassOn(s)
	}
	group := toRun.Groups[0]
	jobs := []runner.Job{{Group: group, Task: group.Tasks[0], Targets: targets}}
	var script []byte
	if action, is := group.Tasks[0].Action.(*plan.Script); is {
		script = action.Text
	}
	o.began = o.Invocation(s, reach.KindExec, script)
	o.began.Gathered = o.gathers(s, targets)
	return o.launch(ctx, s, toRun, jobs, func(c *view.Config) {
		c.Exec, c.Gathered = true, o.began.GetGathered()
		c.AgainEnd = o.againEnd()
		if o.stdin != nil {
			c.AgainGone = o.stdin.WasRead
		}
	})
}

func (o *execOptions) check() error {
	if with := view.FormatsWith("gather"); o.gatherGiven && !slices.Contains(with, o.output) {
		return fmt.Errorf("--gather is for --output %s", strings.Join(with, " or "))
	}
	return o.launchOptions.check()
}

// gathers says whether output waits until all hosts are done.
func (o *execOptions) gathers(s *command.Streams, targets []inventory.Target) bool {
	if o.gatherGiven {
		return o.gather
	}
	return len(targets) > mostInterleaved && command.IsTerminal(s.Out)
}

// plan is what is run.
func (o *execOptions) plan(s *command.Streams) (*plan.Plan, error) {
	switch {
	case o.script == "" && len(o.words) == 1:
		return adhoc.Shell(o.words[0])
	case o.script == "":
		return adhoc.Command(o.words)
	}
	script, name, err := readScript(s, o.script)
	if err != nil {
		return nil, err
	}
	script.Arguments = o.words
	made, err := adhoc.Script(script)
	if err != nil {
		return nil, fmt.Errorf("can't run %s: %w", name, err)
	}
	return made, nil
}

// readScript reads a script, but no more of it than tells that it is too large. name is for messages.
func readScript(s *command.Streams, file string) (script *plan.Script, name string, err error) {
	in, name, base := s.In, "standard input", "stdin"
	if file != "-" {
		name, base = file, filepath.Base(file)
		f, err := os.Open(file)
		if err != nil {
			return nil, "", command.Unreadable(name, err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, plan.MaxScript+1))
	if err != nil {
		return nil, "", command.Unreadable(name, err)
	}
	return &plan.Script{Name: base, Text: text}, name, nil
}

// againEnd is the end of the command line that does the same again.
func (o *execOptions) againEnd() string {
	if len(o.words) == 0 {
		return ""
	}
	end := " --"
	for _, word := range o.words {
		end += " " + shell.Type(word)
	}
	return end
}
