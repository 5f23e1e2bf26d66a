package cluster

import (
	"time"

	"sloth-runner/registry/store"
)

// liveAgentPrefix begins the keys of attached agents. The name follows, and the value is an Agent.
const liveAgentPrefix = store.LivePrefix + "agent/"

// masterRecord is a master that shares the store, below store.MasterPrefix.
type masterRecord struct {
	// Address is its address for agents, operators and other masters, host:port.
	Address string `json:"address"`
	// Started is the time of its last start.
	Started time.Time `json:"started"`
}

// liveMaster is a master that runs, below store.LiveMasterPrefix.
type liveMaster struct {
	Address string `json:"address"`
	// Instance distinguishes it from another master with the same name.
	Instance string `json:"instance"`
}

// Agent is an attached agent, as the other masters see it.
type Agent struct {
	Master string    `json:"master"`
	Seen   time.Time `json:"seen"`
	// Stale says that a report is overdue.
	Stale bool   `json:"stale,omitempty"`
	Runs  uint32 `json:"runs,omitempty"`
	// AbandonedCalls is the number of its system calls that have not returned.
	AbandonedCalls uint32 `json:"abandoned_calls,omitempty"`
	// Revocations is the number of the list of revocations that it has.
	Revocations int64 `json:"revocations,omitempty"`
}
