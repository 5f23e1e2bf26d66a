// Package role is what a process is when it is an agent: by its arguments, as bootstrap and service managers give them, it serves
// an operator on its standard streams, serves another user's agent, serves on the network, or keeps an agent running. It wires the
// parts of an agent together.
package role
