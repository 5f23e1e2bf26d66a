// Package authz authorizes the calls of a gRPC service.
//
// A table lists for each method the roles that may call it. A method that is not in the table is refused. The caller's
// identity is in its certificate. It is checked with each call: the authority must have issued it, and it must be valid
// and not revoked. A stream ends, and the context of its handler with it, when the caller's certificate is revoked or
// expires. So a revoked operator's run ends on the hosts.
//
// A caller on a Unix socket has no certificate. Only the owner of the socket's directory can reach it. An Authorizer
// with Local treats every caller as the administrator.
//
// A refusal says who was refused, which method, why, and what to do. The caller and the audit log get it.
package authz
