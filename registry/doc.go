// Package registry is the master: it knows which persistent agents there are, who they are, and whether they are there.
//
// # Protocol
//
// The master serves the gRPC service Registry (proto/registry.proto) on TCP, over TLS 1.3 and nothing older, and on a Unix
// socket in its directory. Who calls is what the certificate says; on the socket, which only the owner of the directory
// can reach, everybody is the administrator. rules.go says for each method who may call it.
//
// A host or a person joins with a token, which is good for one certificate of one role and name. A certificate is renewed
// with itself. An agent attaches: it reports every few seconds on a stream, on which the master tells it of revocations,
// of a new name, and of operators who wait for it.
//
// # Trust
//
// Whoever has the authority's key can be everybody: it lies in the master's directory with mode 0600, and the master's
// process uses it. An operator may run anything on every agent, vouch for agents, rename and revoke them; he can make
// neither operators nor readers, which only the administrator can, nor be an agent. A reader sees the list. An agent can
// say untruths about itself, and nothing about others. It can take only calls that are for it.
//
// The master sees no plans: what goes through a tunnel is TLS between operator and agent. A master that is taken over can
// issue certificates, and so be everybody; it needs as much care as the most important of its agents.
//
// A name belongs to a line of certificates: the first is issued for a token, or since an operator vouches, and each later
// one is a renewal. An agent that is set up anew begins another line under its name; when it attaches, the certificates
// of lines before it are revoked. While an agent is there, no other can take its name unless an operator says so.
//
// # What survives what
//
// Certificates until they expire, revocations, tokens, agents and what they are called lie in the Store, and each change
// is one transaction: after kill -9 at any moment it has happened whole or not at all, and what was answered has happened.
// Reports are kept in memory: a master that starts again shows its agents as stale until they come back, which they do
// within seconds. When an agent was last seen is written at most every few minutes.
//
// A master that is away stops nobody: agents serve their operators, who know the list of before.
//
// # Several masters
//
// Masters of one authority share a SharedStore, which is an etcd. What lasts lies there as it does in a file. What each
// knows only from memory, the others read under keys that end with the lease of the master that wrote them: that it runs,
// and where; which agents are attached to it. So an agent is listed, can't be taken from, and is called through any of
// them, and is stale everywhere when its master is lost. Agents and operators are told the addresses of all.
//
// The last attachment of an agent counts: its master claims it, and the one of before lets go. A master that is cut off
// from the store, or whose lease has ended, refuses calls and ends its attachments, since it would not learn of revocations.
// Agents and operators go to another; when there is none, agents serve those operators who know them.
package registry
