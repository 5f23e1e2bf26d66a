// Package client is the host's end of transfers: it asks for what the run offers, and sends what a task fetches.
//
// A Client serves one call, Agent.Files. Small contents are returned in memory; large ones go through the cache (package
// store), and are used only when their SHA-256 is right. When the call breaks, what has come of a large one stays, and the
// next Client of the run goes on from there.
package client
