// Package bootstraps has the commands of "sloth-runner bootstrap": one file each, with options, a constructor and a run function.
package bootstraps
