//go:build !agent

package main

import "sloth-runner/cli"

// operator is the program of whoever runs tasks on hosts.
func operator(version string, args []string) int { return cli.Main(version, args) }
