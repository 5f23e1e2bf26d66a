package view

import (
	"strings"
	"testing"

	"sloth-runner/proto"
)

// All the places that were tried on a host are read in full; what a host says without end is not.
func TestLongFailure(t *testing.T) {
	places := "no directory on the host can hold the agent, which needs 29246 kB (" +
		strings.Repeat("/home/deploy/.cache/sloth-runner: 120 kB free; ", 10) + "/dev/shm: can't execute)"
	failure := &proto.Failure{Stage: proto.Failure_BOOTSTRAP, Reason: places}
	if got := failureText(failure); got != "bootstrap: "+places {
		t.Errorf("got %s", got)
	}
	failure.Reason = strings.Repeat("x", 1<<20)
	if n := len(failureText(failure)); n > 2*failureWidth {
		t.Errorf("%d bytes are shown", n)
	}
}
