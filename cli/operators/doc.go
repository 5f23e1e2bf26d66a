// Package operators has the commands of "sloth-runner operator": one file each, with options, a constructor and a run function.
package operators
