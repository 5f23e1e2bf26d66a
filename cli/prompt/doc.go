// Package prompt asks the person at the terminal: for passwords, and whether unknown host keys are those of their hosts. A
// question goes to the terminal of the process and not to the standard streams, which may be files.
//
// A password may also come from a file or from a command: Options are the flags for that.
package prompt
