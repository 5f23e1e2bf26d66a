package cli

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/shell"
	"sloth-runner/journal"
	"sloth-runner/plan"
	"sloth-runner/runner"
	"sloth-runner/transfer/offer"
	"sloth-runner/view"
)

// files are what a run offers to hosts, and where it keeps what they send.
type files struct {
	reach.Offers
	fetchTo    string
	fetchLimit command.ByteSize
}

const (
	// defaultFetchLimit is how many bytes of files one host may leave in a run, maxFetched how many files.
	defaultFetchLimit = 10 << 30
	maxFetched        = 200_000
)

func (f *files) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&f.fetchTo, "fetch-to", "", "keep what file.fetch gets from hosts below `DIR`, as DIR/HOST/path (default in the record of the run)")
	f.addLimitFlag(flags)
}

func (f *files) addLimitFlag(flags *pflag.FlagSet) {
	f.fetchLimit = defaultFetchLimit
	flags.Var(&f.fetchLimit, "fetch-limit", "take at most `SIZE` of files from each host; 0: any")
}

// shelf is where the files go that hosts send; nil: none are taken.
func (f *files) shelf(record *journal.Record, noRecord bool) *offer.Shelf {
	dir := f.fetchTo
	if dir == "" && !noRecord {
		dir = record.FilesDir()
	}
	if dir == "" {
		return nil
	}
	return &offer.Shelf{Dir: dir, MaxBytes: int64(f.fetchLimit), MaxFiles: maxFetched}
}

// launchFiles runs a plan of one task on the hosts of a word. paths are what was typed behind it.
func (o *launchOptions) launchFiles(ctx context.Context, s *command.Streams, made *plan.Plan, hosts string, paths []string) error {
	resolver, err := o.Resolver(ctx, s)
	if err != nil {
		return err
	}
	targets := resolver.Resolve(ctx, []string{hosts})
	if err := errors.Join(errors.Join(resolver.Errs...), resolver.Hosts.Check()); err != nil {
		return err
	}
	group := made.Groups[0]
	o.began = o.Invocation(s, reach.KindExec, nil)
	return o.launch(ctx, s, made, []runner.Job{{Group: group, Task: group.Tasks[0], Targets: targets}}, func(c *view.Config) {
		c.AgainEnd = " " + shell.Type(paths...)
	})
}
