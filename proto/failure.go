package proto

import "sloth-runner/internal/fault"

// FailureOf returns err as events carry it, with each text limited to fault.MaxText bytes. An error without a stage
// gets the given one. The failure of nil is nil.
func FailureOf(err error, stage fault.Stage) *Failure {
	if err == nil {
		return nil
	}
	return &Failure{
		Stage:  StageOf(fault.StageOf(err, stage)),
		Reason: fault.Bound(fault.Reason(err), fault.MaxText),
		Hint:   fault.Bound(fault.Hint(err), fault.MaxText),
	}
}

// StageOf returns a stage as events carry it. The numbers are the same.
func StageOf(stage fault.Stage) Failure_Stage { return Failure_Stage(stage) }

// FaultStage returns the stage of an event. A stage that this build does not know is the unknown stage.
func FaultStage(stage Failure_Stage) fault.Stage {
	if _, known := Failure_Stage_name[int32(stage)]; !known {
		return fault.Unknown
	}
	return fault.Stage(stage)
}
