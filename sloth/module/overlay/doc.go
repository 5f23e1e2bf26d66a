// Package overlay has the files of a host in a dry run: those on the disk, and over them all that the calls of the run would have
// changed. Nothing is written to the disk, not even a temporary file.
//
// A path is followed one name after the other, as the system does it. A [node] is what a name stands for: something on the disk, or
// something that the run would have made. Of a directory on the disk a node has only the names that differ. Nodes that a call has
// changed are found by device and inode, so that all paths and all names of a file lead to the same one.
//
// Calls fail as those of the run would: with the system's own errors, and after the same checks of permissions. Those of the disk are
// asked from the system (access(2)), so that access lists, read-only file systems and immutable files count as well. What can't be
// foreseen is that a disk becomes full or fails, and what security modules forbid.
//
// Where the answer to a call depends on something that was not done, it is a [module.NotDone], which ends the task.
package overlay
