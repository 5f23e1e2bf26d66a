// Package problems collects the problems of inventory files and of words that name hosts.
//
// A user who corrects a file wants to see all its problems at once, each with file and line. A List collects them, each
// once and up to a limit, with hints what to do. Err makes one Error of them, which wraps a fault.Error of stage
// Resolve. Show and ShowPath quote untrusted text, so that a message can't send control characters to a terminal.
package problems
