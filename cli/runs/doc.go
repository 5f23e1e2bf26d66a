// Package runs has the commands of "sloth-runner runs": one file each, with options, a constructor and a run function.
package runs
