package sshclient

import (
	"time"

	"sloth-runner/internal/fault"
)

// Times are how long each stage of reaching a host took; a stage that was not reached has none.
type Times map[fault.Stage]time.Duration

// lap records the time of a stage that ends now. Handshake and Authenticate begin at the same time: the second one took the
// time that the first one did not.
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
