// Package persistent is an agent that runs before and between runs.
//
// It listens on a port or waits for calls through its master, and serves operators of its authority over mutual TLS;
// rules.go has the permissions. Without credentials it listens on loopback only. Its directory has its configuration,
// certificate and key, and the audit log: who ran what, and which callers were refused.
//
// With masters it enlists with a token, stays attached to one of them, renews its certificate, and stores the
// announcements of the masters. It has metrics for Prometheus. When it is asked to stop, it admits no more runs, and
// ends when the active ones have ended or after a time limit.
package persistent
