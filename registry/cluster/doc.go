// Package cluster lets several masters share one registry.
//
// Masters of one authority share a store with the persistent data. What a master has in memory it writes there for the
// others, under keys that end with its lease: its address, and the agents attached to it. Each master watches the
// changes of the others.
//
// The last attachment of an agent counts: its master claims the agent's key, and the previous master ends its own
// attachment. Claims have the order of the store's revisions.
//
// A master that has lost the store, or its lease, would not learn of revocations. It is fenced: it refuses calls and
// ends its attachments until it takes part again. Off and Health report this. A master whose store is a file is the
// only one, and never fenced.
package cluster
