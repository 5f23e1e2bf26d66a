// Package files is Lua's module io, and what os has of files: those of the host, as module.Host gives them.
//
// io.stdin is empty. What is written to io.stdout and io.stderr is logged by lines, as information and as warnings: the agent may
// speak to its operator through those of the process.
package files
