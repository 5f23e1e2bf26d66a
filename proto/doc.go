// Package proto is the protocol between operator and agent, and between agents and a master. Its events are also the
// format of a run's record.
//
// The protocols are defined in agent.proto and registry.proto. `make generate` generates the rest of the package,
// except for a few functions that convert events and failures.
package proto

// ProtocolVersion is the version that this build uses. It is raised when a peer with the previous version would
// misunderstand.
const ProtocolVersion = 5
