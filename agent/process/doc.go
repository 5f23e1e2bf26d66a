// Package process starts the commands of a run on a host, feeds and reads them, limits them, and ends them.
//
// A Set has all commands of a run. Each command has a process group of its own, so that what it starts in the background
// ends with the run too: it gets SIGTERM, and after KillGrace SIGKILL. A process that even this does not end is left, and
// named for the report of the run.
//
// A Job is one command: a Starter, the limits, and where its output goes. Shell and Command make a Starter of what a task
// says; StartGroup is for others. The output is passed on by whole lines as it arrives. The result has its beginning, and the
// end of the error stream.
//
// The system calls that start a command may never return, as on a file system that does not answer. They are made by an
// abandon.Caller, and are left at the command's limit.
package process
