package view

import "sloth-runner/runner"

// mark is the sign of a state. Each is two cells wide.
func mark(state runner.State) string {
	switch state {
	case runner.Pending:
		return "⏳"
	case runner.Connecting:
		return "🔗"
	case runner.Running:
		return "🔄"
	case runner.Success:
		return "✅"
	case runner.Unreachable:
		return "🔌"
	case runner.Lost:
		return "📡"
	case runner.Skipped:
		return "⏩"
	case runner.Cancelled:
		return "🛑"
	default:
		return "❌"
	}
}

// title is a state as the tables write it: "Success".
func title(state runner.State) string {
	switch state {
	case runner.Pending:
		return "Pending"
	case runner.Connecting:
		return "Connecting"
	case runner.Running:
		return "Running"
	case runner.Success:
		return "Success"
	case runner.Unreachable:
		return "Unreachable"
	case runner.Lost:
		return "Lost"
	case runner.Skipped:
		return "Skipped"
	case runner.Cancelled:
		return "Cancelled"
	default:
		return "Failed"
	}
}

func status(state runner.State) string { return mark(state) + " " + title(state) }

// inOrderOfInterest are the states as tables of many hosts order them: what is well first, what needs a person last,
// where the eye is when the prompt is back.
var inOrderOfInterest = [...]runner.State{
	runner.Success, runner.Pending, runner.Connecting, runner.Running,
	runner.Skipped, runner.Cancelled, runner.Failed, runner.Unreachable, runner.Lost,
}

// isUnfinished reports whether a host in this state has still something to do, or, in the record of a run that was
// cut off, had.
func isUnfinished(state runner.State) bool {
	return state == runner.Pending || state == runner.Connecting || state == runner.Running
}
