package proto

import "sloth-runner/internal/fault"

// FailureOf turns err into what events carry, each text at most fault.MaxText bytes. An error without a stage gets the given
// one. The failure of nil is nil.
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

// StageOf is a stage as events carry it. The numbers are the same.
func StageOf(stage fault.Stage) Failure_Stage { return Failure_Stage(stage) }

// FaultStage is a stage of an event; one that this build does not know is unknown.
func FaultStage(stage Failure_Stage) fault.Stage {
	if _, known := Failure_Stage_name[int32(stage)]; !known {
		return fault.Unknown
	}
	return fault.Stage(stage)
}
