package adhoc

import "sloth-runner/plan"

// Setup returns the plan of one task that the agent itself does, and that is called title.
func Setup(title string) *plan.Plan { return single(title, plan.Setup{}) }
