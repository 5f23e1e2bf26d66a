package cli

import (
	"fmt"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/journal"
)

// usualKeep is how many records are kept of each kind of run where nothing says it.
const usualKeep = 100

// configuredKeep is what the user's configuration file says of that. One that can't be read ends no run that does not need
// it.
func configuredKeep(s *Streams) int {
	config, err := readConfig(s)
	if err != nil {
		say(s.Err, fmt.Errorf("how many records to keep is not known, %d are: %w", usualKeep, err))
	}
	if err != nil || config.keep == 0 {
		return usualKeep
	}
	return config.keep
}

// newRecord begins the record of a run, and removes those of old ones.
func newRecord(s *Streams, keep int, kind string) (*journal.Record, error) {
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return nil, err
	}
	record, err := journal.Create(dir, journal.NewID(time.Now()))
	if err != nil {
		return nil, &fault.Error{Err: err, Hint: "nothing was run; another place for records is set with XDG_STATE_HOME"}
	}
	if err := journal.Prune(dir, keep, journal.Current{ID: record.ID(), Kind: kind}); err != nil {
		say(s.Err, fmt.Errorf("remove old records: %w", err))
	}
	return record, nil
}
