// Command sloth-runner runs the tasks of a Lua file on many hosts in parallel.
//
// The program has two roles. It is the operator's program with all commands, and it is the agent. The operator's
// program starts the agent on a host as `sloth-runner agent serve`; the agent ends when its standard input does. With
// the build tag agent, the program has only the second role.
package main

import (
	"os"

	"sloth-runner/agent/role"
)

// version is set by the build.
var version = "dev"

func main() {
	if role := role.Of(os.Args[1:]); role != nil {
		os.Exit(role(version))
	}
	os.Exit(operator(version, os.Args[1:]))
}
