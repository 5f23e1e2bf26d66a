// Package command has what all commands share: the streams that they read and print, how their arguments and flags are
// checked, how their help ends, in which words errors are reported, and the exit status.
//
// Errors come back from commands as values. Finish alone turns them into words on standard error and an exit status.
package command
