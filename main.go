// Command sloth-runner runs the tasks of a Lua file on many hosts in parallel.
//
// The one binary has two roles. It is the operator's program, with all its commands; and it is the agent, which the
// operator's program starts on a host as `sloth-runner agent serve`, and which ends when its input does. With the build
// tag agent it has the second role only.
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
