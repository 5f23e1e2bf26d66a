// Command sloth-runner runs the tasks of a Lua file on many hosts in parallel.
//
// The one binary has two roles. It is the operator's program, with all its commands; and it is the agent, which the
// operator's program starts on a host as `sloth-runner agent serve`, and which ends when its input does.
package main

import (
	"os"

	"sloth-runner/agent"
	"sloth-runner/cli"
)

// version is set by the build.
var version = "dev"

func main() {
	if role := agent.Role(os.Args[1:]); role != nil {
		os.Exit(role(version))
	}
	os.Exit(cli.Main(version, os.Args[1:]))
}
