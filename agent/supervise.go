package agent

import (
	"fmt"
	"os"

	"sloth-runner/agent/service"
)

// superviseRole keeps a persistent agent running on a host that has nothing else for that.
func superviseRole(dir string) int {
	if err := service.Supervise(dir); err != nil {
		fmt.Fprintln(os.Stderr, "sloth-runner supervisor:", err)
		return 1
	}
	return 0
}
