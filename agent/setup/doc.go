// Package setup installs, upgrades and removes the persistent agent of a host, from a run on that host.
//
// A task may be a Setup: the agent then installs, changes or removes a persistent agent on its host, for the account
// that it runs as (setup.go). The key is made on the host, readable only by the account, and only a certificate request
// leaves the host. The program is a copy of the one that runs the task, named after its SHA-256; a symbolic link in the
// state directory points to it. Package service keeps it running. A step that starts a new program succeeds only after a
// connection with the agent's own certificate was answered. Otherwise the previous program is restored, or, if there was
// none, everything is removed.
//
// A step that has begun is completed even if the operator goes away, if the agent has enough time.
package setup
