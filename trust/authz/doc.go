// Package authz stands before a gRPC service and lets in who may come in.
//
// A table says for each method who may call it; a method that it does not name is refused to everybody. Who calls is what
// the certificate says, which is checked anew with each call: that it is of the authority, holds now and is not revoked.
// A stream that is under way ends when its caller's certificate is revoked or expires, and the context of its handler
// with it, so that a revoked operator's run is ended where it runs.
//
// A caller on a Unix socket, which only the owner of its directory can reach, has no certificate. Where the guard is told
// that all callers come that way, each is the administrator.
//
// A refusal says who was refused, what, why, and what to do, to the caller and to whoever keeps the audit log.
package authz
