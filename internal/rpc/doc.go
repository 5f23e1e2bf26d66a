// Package rpc puts gRPC on one connection that is there already: an SSH channel, a pipe to another process, a connection of
// TLS. A connection that breaks is not replaced: who opened it knows better whether another one makes sense.
//
// The limits of all links stand in one table (limits.go): how long a silent end is believed, how much may be on its way, how
// large a message may be.
package rpc
