// Package program is about program files on a host: the one of this process, and those that another account or a service is to
// execute.
//
// The running program is opened by what the system says of the process (Open), since its path may have another file by now.
//
// Root and other accounts execute programs that this account has put somewhere, and a service manager executes them at the next
// boot. So only root and this account may be able to change such a file, to put another in its place, or to rename a
// directory above it: SafeDir, SafePath and Check look at each directory from the root downwards.
package program
