// Package cluster lets several masters be one registry.
//
// Masters of one authority share a store. What lasts they read there; what each knows from memory it writes there for the
// others, under live keys that end with its lease: that it runs and where, and which agents are attached to it. Each follows
// the changes of the others.
//
// The last attachment of an agent counts: its master claims the agent's key, and the one of before lets go. Claims are in
// the order of the store's revisions.
//
// A master that is cut off from the store, or whose lease has ended, would not learn of revocations. It refuses calls and
// ends its attachments until it takes part again; Off and Health say so. A master whose store is a file is alone, and always
// well.
package cluster
