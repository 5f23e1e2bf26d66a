// Package setup installs, upgrades and removes the persistent agent of a host, from a run on that host.
//
// A task may be a Setup: the agent makes a persistent one of its host, for the account that it runs as, or changes or
// removes it (setup.go). Its key is made on the host, readable by the account alone, and only a certificate request leaves
// it. The program is a copy of the one that runs the task, named after its SHA-256, to which a link in the state directory
// points; package service keeps it running. Whatever is started new is connected to, with the agent's own certificate,
// before the step counts as done: else the program before it comes back or, where there was none, nothing stays.
//
// A step that was begun is brought to its end when the operator goes away, as far as the agent is left the time for it.
package setup
