package proto

import "sloth-runner/plan"

// Ref returns the task that the event is about; the zero value: it is about none.
func (e *Event) Ref() plan.TaskRef { return plan.Ref(e.GetGroup(), e.GetTask()) }
