package model

// Agent is a persistent agent that is known by its name.
type Agent struct {
	Name string
	// Address is the host:port where the agent listens.
	Address string
	Tags    map[string]string
	// Through says that the agent is reached only through its master.
	Through bool
}
