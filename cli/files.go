package cli

import (
	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/journal"
	"sloth-runner/transfer/offer"
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
