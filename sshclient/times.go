package sshclient

import (
	"time"

	"sloth-runner/internal/fault"
)

// Times are how long each stage of reaching a host took; a stage that was not reached has none.
type Times map[fault.Stage]time.Duration

// lap ends a stage of those that began together at a time: it took what the others did not.
func (t *Times) lap(stage fault.Stage, began time.Time) {
	if *t == nil {
		*t = Times{}
	}
	took := time.Since(began)
	if stage == fault.Authenticate {
		took -= (*t)[fault.Handshake]
	}
	(*t)[stage] = took
}
