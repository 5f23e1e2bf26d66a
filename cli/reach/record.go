package reach

import (
	"fmt"
	"time"

	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/journal"
	"sloth-runner/operator/config"
)

// UsualKeep is how many records are kept of each kind of run where nothing says it.
const UsualKeep = 100

// ConfiguredKeep is what the user's configuration file says of that. One that can't be read ends no run that does not need
// it.
func ConfiguredKeep(s *command.Streams) int {
	config, err := config.Read(s.Getenv)
	if err != nil {
		command.Say(s.Err, fmt.Errorf("how many records to keep is not known, %d are: %w", UsualKeep, err))
	}
	if err != nil || config.Keep == 0 {
		return UsualKeep
	}
	return config.Keep
}

// NewRecord begins the record of a run, and removes those of old ones.
func NewRecord(s *command.Streams, keep int, kind string) (*journal.Record, error) {
	dir, err := journal.Dir(s.Getenv)
	if err != nil {
		return nil, err
	}
	record, err := journal.Create(dir, journal.NewID(time.Now()))
	if err != nil {
		return nil, &fault.Error{Err: err, Hint: "nothing was run; another place for records is set with XDG_STATE_HOME"}
	}
	if err := journal.Prune(dir, keep, journal.Current{ID: record.ID(), Kind: kind}); err != nil {
		command.Say(s.Err, fmt.Errorf("remove old records: %w", err))
	}
	return record, nil
}
