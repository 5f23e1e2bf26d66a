// Package cli is the command line: run, exec and help here, the commands of agent, master, operator, inventory, bootstrap and
// runs in a package each. A command is one file with its options, a constructor that only declares flags, and a run function.
// It parses, puts other packages together and prints; it decides nothing else.
//
// Package command has what all of them share, reach the ways to hosts, prompt the questions at the terminal. Errors come back
// as values; command.Finish alone turns them into words on stderr and an exit status.
package cli
