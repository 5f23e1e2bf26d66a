package proto

import (
	"strings"
	"testing"

	"sloth-runner/internal/fault"
)

// The stages of errors and of events have the same numbers and names.
func TestStages(t *testing.T) {
	for number, name := range Failure_Stage_name {
		stage := FaultStage(Failure_Stage(number))
		if StageOf(stage) != Failure_Stage(number) || stage.String() != strings.ToLower(name) {
			t.Errorf("%s is %v here and %v there", name, stage, StageOf(stage))
		}
	}
	if n := fault.Stage(len(Failure_Stage_name)); n.String() != "unknown" || FaultStage(Failure_Stage(n)) != fault.Unknown {
		t.Errorf("stage %d is %v", n, n)
	}
}
