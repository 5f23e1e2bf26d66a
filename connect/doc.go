// Package connect has the ways from an operator to an agent: what runner.Connector asks for.
//
//   - Dialer reaches persistent agents, over TCP and mutual TLS, or through their master. It also makes the few calls that are no
//     runs: it describes, stops and certifies an agent, and waits until one serves.
//   - Local is an agent in this process, for tasks on the operator's own machine.
//   - Fallback reaches a persistent agent, and over SSH those hosts whose agent does not answer.
//
// The way over SSH is package bootstrap. Each way ends in a net.Conn on which gRPC is spoken; from there on all hosts are
// served by the same code.
package connect
