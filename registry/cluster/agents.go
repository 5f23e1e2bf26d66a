package cluster

// Agents are the agents of this master, and what it knows about those of other masters. It is safe for concurrent use,
// and its methods must not block.
type Agents interface {
	// Wake receives when there are changes that the other masters have not been sent.
	Wake() <-chan struct{}
	// ClaimAll makes Unsent return all agents that are attached here, to be claimed.
	ClaimAll()
	// Unsent returns these changes. The argument is the name of this master.
	Unsent(master string) []Presence
	// Moved reports that an agent is attached to another master, or, with nil, to none of the others.
	Moved(name string, to *Agent, revision int64)
	// OnlyElsewhere reports which agents are attached to other masters. The state of all others is out of date.
	OnlyElsewhere(there map[string]bool)
}

// Presence is the state of an agent for the other masters.
type Presence struct {
	Name string
	// Agent is what the others see, or nil when the agent is not attached here any more.
	Agent *Agent
	// Claimed, if set, is called with the revision of the claim, when the agent has newly attached here.
	Claimed func(revision int64)
}
