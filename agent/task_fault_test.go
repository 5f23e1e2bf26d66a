package agent

import (
	"strings"
	"testing"

	"sloth-runner/proto"
)

// TestFaultOfATask runs a function without a machine, which panics like a fault of the agent.
func TestFaultOfATask(t *testing.T) {
	finished := new(session).outcome(t.Context(), nil, nil, &proto.Task{Group: "g", Name: "t"})
	if finished.GetOutcome() != proto.TaskFinished_FAILED || !strings.Contains(finished.GetMessage(), "internal error") {
		t.Errorf("%v", finished)
	}
}
