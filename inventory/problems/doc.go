// Package problems collects what is wrong with inventory files and with words that name hosts.
//
// A person who mends a file wants to see all its mistakes at once, each with its file and line. A List keeps them, each once
// and not too many, with hints what to do; Err makes one Error of it, which is a fault.Error of stage Resolve. Show and
// ShowPath quote text of strangers, so that no message disturbs a terminal.
package problems
