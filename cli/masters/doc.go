// Package masters has the commands of "sloth-runner master": one file each, with options, a constructor and a run function.
package masters
