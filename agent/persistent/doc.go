// Package persistent is an agent that is there before a run begins, and between runs.
//
// It listens on a port, or waits for calls through its master, and serves operators of its authority over mutual TLS; rules.go
// says who may call what. Without credentials it listens on loopback only. Its directory has its configuration, certificate and
// key, and the audit log: who ran what, and who was refused.
//
// With masters it enlists by a token, stays attached to one of them, renews its certificate, and keeps what the masters say. It
// counts what it does, for Prometheus. Asked to stop, it begins no more runs, and ends when those under way have ended, or after
// a while.
package persistent
