// Package entrance limits what unauthenticated callers of a server can use: connections, their duration, handshakes and
// refused calls.
//
// A connection is unauthenticated until its TLS handshake has shown a valid certificate. The number of unauthenticated
// connections is limited. When the limit is reached, a new connection takes the place of another: of the address with
// the most idle ones, the one for which the server has waited longest. So authenticated callers can connect while
// others open connections without end. An unauthenticated connection is closed after some seconds. An address whose
// connections don't authenticate, or whose calls are refused, is limited to a rate.
//
// Authenticated connections are limited as well, for each identity and in total. The process keeps enough descriptors
// for its files, its child processes, and the administrator's socket.
package entrance
