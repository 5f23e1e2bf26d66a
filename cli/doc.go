// Package cli is the command line: one file a command, each with its options, a constructor that only declares
// flags, and a run function. It parses, puts the other packages together and prints; it decides nothing else.
//
// Errors come back as values. exit.go alone turns them into words on stderr and an exit status.
package cli
