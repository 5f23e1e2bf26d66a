// Package oshost is this machine as modules and Lua's library see it: the files and accounts of [module.Host].
//
// Each call into the system may wait for ever, as for a disk or a file server that does not answer. It is made by
// abandon.Do, so that it ends soon after its context for its caller, and frees what it opens when it comes back. Commands are the
// agent's: it has their processes.
package oshost
