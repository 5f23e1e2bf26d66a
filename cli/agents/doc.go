// Package agents has the commands of "sloth-runner agent": one file each, with options, a constructor and a run function.
package agents
