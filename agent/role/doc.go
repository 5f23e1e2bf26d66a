// Package role selects what an agent process does, by the arguments that bootstrap or a service manager gives it: it
// serves an operator on its standard streams, serves another user's agent, serves on the network, or keeps an agent
// running. It connects the parts of an agent.
package role
