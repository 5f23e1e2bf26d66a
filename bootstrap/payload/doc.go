// Package payload has the agents that are copied to hosts, one for each platform.
//
// They are embedded by `make dist`, compressed, under names that have the digest and the size of what they unpack to: a
// warm start reads and hashes nothing, and a cold one sends the embedded bytes as they are. Others lie in a directory
// (`make agents`). What is left for the operator's own platform is this very program, which is an agent too.
//
// A Source finds them, and chooses the one for what a host's uname says. Digests of files and the compressed form of this
// program are kept in a cache directory, since to make them takes longer than all else that a run on a few hosts does.
package payload
