package exitstatus

// The statuses. A command returns those that its Table lists.
const (
	// Success: all went well.
	Success = 0
	// Failed: a task failed, or was cancelled or skipped because of one, or output could not be written.
	Failed = 1
	// Usage: nothing was run.
	Usage = 2
	// Unreachable: hosts were unreachable or lost.
	Unreachable = 4
	// Both is Failed and Unreachable.
	Both = 5
	// Interrupted is 128 + SIGINT, as shells say it.
	Interrupted = 130
)

// Of returns the status of a run in which tasks failed, or hosts were unreachable or lost, or both. An interrupted run
// has its own status, whatever else is true of it.
func Of(failed, unreachable, interrupted bool) int {
	switch {
	case interrupted:
		return Interrupted
	case failed && unreachable:
		return Both
	case unreachable:
		return Unreachable
	case failed:
		return Failed
	}
	return Success
}

// AndFailed returns the status of a run that ended with status, when something failed after it.
func AndFailed(status int) int {
	switch status {
	case Success, Unreachable:
		return Of(true, status == Unreachable, false)
	}
	return status
}
