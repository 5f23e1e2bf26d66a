// Package proto is the wire protocol between operator and agent, and the format of a run's record.
//
// agent.proto is its description; the rest of the package is generated from it by `make generate`, but for the
// few helpers that turn an event into a line and back.
package proto

// ProtocolVersion is what this build speaks. It is raised when a peer of the version before would misunderstand.
const ProtocolVersion = 4
