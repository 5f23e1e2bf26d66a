package phrase

import "sloth-runner/runner/state"

// Mark is the sign of a state. Each is two cells wide.
func Mark(of state.State) string {
	switch of {
	case state.Pending:
		return "⏳"
	case state.Connecting:
		return "🔗"
	case state.Running:
		return "🔄"
	case state.Success:
		return "✅"
	case state.Unreachable:
		return "🔌"
	case state.Lost:
		return "📡"
	case state.Skipped:
		return "⏩"
	case state.Cancelled:
		return "🛑"
	default:
		return "❌"
	}
}

// Title is a state as the tables write it: "Success".
func Title(of state.State) string {
	switch of {
	case state.Pending:
		return "Pending"
	case state.Connecting:
		return "Connecting"
	case state.Running:
		return "Running"
	case state.Success:
		return "Success"
	case state.Unreachable:
		return "Unreachable"
	case state.Lost:
		return "Lost"
	case state.Skipped:
		return "Skipped"
	case state.Cancelled:
		return "Cancelled"
	default:
		return "Failed"
	}
}

// Status is a state with its sign: "✅ Success".
func Status(of state.State) string { return Mark(of) + " " + Title(of) }

// InOrderOfInterest are the states as tables of many hosts order them: what is well first, what needs a person last,
// where the eye is when the prompt is back.
var InOrderOfInterest = [...]state.State{
	state.Success, state.Pending, state.Connecting, state.Running,
	state.Skipped, state.Cancelled, state.Failed, state.Unreachable, state.Lost,
}
