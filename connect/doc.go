// Package connect connects an operator to agents. Its types implement runner.Connector.
//
//   - Dialer reaches persistent agents, over TCP and mutual TLS, or through their master. It also makes the few calls that are no
//     runs: it describes, stops and certifies an agent, and waits until one serves.
//   - Local is an agent in this process, for tasks on the operator's own machine.
//   - Fallback reaches a persistent agent, and over SSH those hosts whose agent does not answer.
//   - ByKind has one of these for each kind of host.
//
// Package bootstrap connects over SSH. Each connector returns a net.Conn for gRPC, which is used in the same way for
// all hosts.
package connect
