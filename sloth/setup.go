package sloth

import "context"

// tooOldForSetup is the command of a task that the agent itself is to do. What reads it is an agent that knows of none.
const tooOldForSetup = "echo 'the agent on this host is too old to set up another' >&2; exit 1"

// Setup returns the plan of one task that the agent itself does, and that is called title; what it is, each host is told
// by runner.Job.
func Setup(ctx context.Context, title string) (*Plan, error) {
	return single(ctx, commandGroup+": "+shortened(title), shortened(title), tooOldForSetup)
}
