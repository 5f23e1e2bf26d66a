package model

// Agent is a persistent agent that is known by its name.
type Agent struct {
	Name string
	// Address is where it serves, host:port.
	Address string
	Tags    map[string]string
	// Through says that it can't be reached but through its master.
	Through bool
}
