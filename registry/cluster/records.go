package cluster

import (
	"time"

	"sloth-runner/registry/store"
)

// liveAgentPrefix begins the keys of agents that are attached; the name follows, and the value is an Agent.
const liveAgentPrefix = store.LivePrefix + "agent/"

// masterRecord is a master that shares the store, below store.MasterPrefix.
type masterRecord struct {
	// Address is where agents, operators and other masters reach it, host:port.
	Address string `json:"address"`
	// Started is when it started last.
	Started time.Time `json:"started"`
}

// liveMaster is a master that runs, below store.LiveMasterPrefix.
type liveMaster struct {
	Address string `json:"address"`
	// Instance tells it from another that runs under the same name.
	Instance string `json:"instance"`
}

// Agent is an agent that is attached to a master, as the other masters see it.
type Agent struct {
	Master string    `json:"master"`
	Seen   time.Time `json:"seen"`
	// Stale says that a report is overdue.
	Stale bool   `json:"stale,omitempty"`
	Runs  uint32 `json:"runs,omitempty"`
	// AbandonedCalls are its calls into the system that have not come back.
	AbandonedCalls uint32 `json:"abandoned_calls,omitempty"`
	// Revocations is the number of the list of revocations that it has.
	Revocations int64 `json:"revocations,omitempty"`
}
