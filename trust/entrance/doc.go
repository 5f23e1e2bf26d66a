// Package entrance bounds what callers cost who have not shown that they belong: connections, their time, handshakes and
// refused calls.
//
// A connection is a stranger's until its TLS handshake has shown a certificate that holds. There is room for some strangers
// only. When there is none, the one that has kept the server waiting for longest, of the address that has most of them, makes
// room for the next caller, so that those who belong come in however many others knock. A stranger's connection ends after some seconds, whatever it says.
// An address whose connections come to nothing, or whose calls are refused, is let in at a bounded rate.
//
// Those who belong are bounded as well, by identity and together, so that the process keeps descriptors for its files, its
// children, and the administrator's socket.
package entrance
