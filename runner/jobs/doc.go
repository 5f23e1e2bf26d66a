// Package jobs decides which tasks of a plan run on which hosts, and which of them a limit takes hosts from although other
// tasks wait for them.
package jobs
