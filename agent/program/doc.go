// Package program handles program files on a host: the file of this process, and files that another account or a service
// executes.
//
// Open uses the system's link to the running program, because another file may have its path by now.
//
// Root and other accounts execute programs that this account has written, and a service manager executes them at the
// next boot. So only root and this account may be able to change such a file, to replace it, or to rename a directory
// above it: SafeDir, SafePath and Check check each directory from the root downwards.
package program
