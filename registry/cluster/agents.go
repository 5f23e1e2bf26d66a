package cluster

// Agents are the agents of this master, and what it knows of those of the others. It is safe for concurrent use, and its methods
// are quick.
type Agents interface {
	// Wake has something when there are changes that the other masters have not been sent.
	Wake() <-chan struct{}
	// ClaimAll makes Unsent return all agents that are attached here, to be claimed.
	ClaimAll()
	// Unsent returns the changes that the other masters have not been sent, as those of the master of that name.
	Unsent(master string) []Presence
	// Moved says that an agent is attached to another master; nil: to none of the others.
	Moved(name string, to *Agent, revision int64)
	// OnlyElsewhere says which agents are attached to masters at all; what is known of others is out of date.
	OnlyElsewhere(there map[string]bool)
}

// Presence is what the other masters have to know of an agent.
type Presence struct {
	Name string
	// Agent is what the others are to see; nil: it is not attached here any more.
	Agent *Agent
	// Claimed is called with the revision of the claim, when the agent has come here, which others have to know; nil: it
	// was here before.
	Claimed func(revision int64)
}
