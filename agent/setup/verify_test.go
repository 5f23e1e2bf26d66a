package setup

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sloth-runner/agent/persistent"
	"sloth-runner/internal/fault"
)

// The error for an agent that dials out and does not reach its master says that it needs a way to it.
func TestUnprovenWithoutMaster(t *testing.T) {
	s := setup{name: "nat", places: places{state: t.TempDir()}}
	reason := fault.WithHint(s.unverified(time.Second, fmt.Errorf("%w: connection refused", persistent.ErrNotAttached)))
	if !strings.Contains(reason, "connection refused") || !strings.Contains(reason, "a way from its host to the master") {
		t.Errorf("the reason is %q", reason)
	}
}
