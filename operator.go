//go:build !agent

package main

import "sloth-runner/cli"

// operator runs a command of the operator's program and returns its exit status.
func operator(version string, args []string) int { return cli.Main(version, args) }
