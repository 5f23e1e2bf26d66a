//go:build agent

package main

import (
	"fmt"
	"os"
)

// operator is left out of the build that hosts get: what only an operator needs is most of the program.
func operator(version string, _ []string) int {
	fmt.Fprintf(os.Stderr, "this is the agent of sloth-runner %s, which sloth-runner starts on hosts; it has no commands\n", version)
	return 2
}
