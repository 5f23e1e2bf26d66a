// Package registry is the master: it keeps the list of persistent agents, their identities, and their state.
//
// # Protocol
//
// The master serves the gRPC service Registry (proto/registry.proto) on TCP with TLS 1.3, and on a Unix socket in its
// directory. The caller's identity is in its certificate. On the socket, which only the owner of the directory can
// reach, every caller is the administrator. rules.go lists the roles that may call each method.
//
// A machine joins with a token for one certificate with a role and a name. A certificate is renewed with the previous
// one. An agent attaches with a stream, on which it reports every few seconds. On the same stream the master sends
// revocations, a new name, and the calls of operators.
//
// # Trust
//
// The authority's key can issue a certificate for every identity. It is in the master's directory with mode 0600, and
// the master's process uses it. An operator may run everything on every agent, and may add, rename and revoke agents.
// Only the administrator can add operators and readers. A reader can list agents. An agent can report false data about
// itself, but not about others, and can take only its own calls.
//
// The master can't read plans: the traffic in a tunnel is TLS between operator and agent. An attacker who controls a
// master can issue certificates for every identity. Protect a master like the most important of its agents.
//
// A name belongs to a line of certificates. The first one is issued for a token or by an operator, and each later one
// is a renewal. An agent that is installed again begins a new line. When it attaches, the certificates of earlier lines
// are revoked. While an agent is attached, no other can take its name unless an operator allows it.
//
// # What survives what
//
// The Store keeps certificates until they expire, revocations, tokens, and agents with their names and tags. Each
// change is one transaction: it survives kill -9 at any moment, completely or not at all, and a change that was
// answered is kept. Reports are in memory: after a restart the master shows its agents as stale until they attach
// again, within seconds. The time when an agent was last seen is written every few minutes.
//
// Agents serve their operators while the master is down. The operators use the last list.
//
// # Several masters
//
// Masters of one authority share a SharedStore, which is an etcd. It has the same persistent data as a file. What a
// master has in memory, it writes for the others under keys that end with its lease: its address, and the agents
// attached to it. So an agent is listed and can be called at every master, its name is protected at all of them, and it
// is stale everywhere when its master is lost. Agents and operators get the addresses of all masters.
//
// The last attachment of an agent counts: its master claims it, and the previous master ends its own. A master that has
// lost the store, or its lease, is fenced: it refuses calls and ends its attachments, because it would not learn of
// revocations. Agents and operators connect to another master. When there is none, agents still serve operators that
// know their address.
package registry
