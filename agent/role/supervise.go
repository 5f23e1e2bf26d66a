package role

import (
	"fmt"
	"os"
	"path/filepath"

	"sloth-runner/agent/service"
)

// superviseRole keeps a persistent agent running on a host without a service manager.
func superviseRole(dir string) int {
	if err := service.Supervise(service.Spec{Program: filepath.Join(dir, service.ProgramFile), State: dir}); err != nil {
		fmt.Fprintln(os.Stderr, "sloth-runner supervisor:", err)
		return 1
	}
	return 0
}
