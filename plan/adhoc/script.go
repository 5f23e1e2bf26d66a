package adhoc

import (
	"strings"

	"sloth-runner/plan"
)

// Script returns the plan that runs a script, after it was checked. Errors don't name it.
func Script(script *plan.Script) (*plan.Plan, error) {
	if err := script.Check(); err != nil {
		return nil, err
	}
	return single(strings.Join(append([]string{script.Name}, script.Arguments...), " "), script), nil
}
