//go:build agent

package main

import (
	"fmt"
	"os"
)

// operator prints an error and returns an exit status. The agent's build leaves out the operator's commands, which are
// most of the program.
func operator(version string, _ []string) int {
	fmt.Fprintf(os.Stderr, "this is the agent of sloth-runner %s, which sloth-runner starts on hosts; it has no commands\n", version)
	return 2
}
