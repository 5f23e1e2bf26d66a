package runner

import (
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// otherProtocol returns why an agent of another version refused the plan, in this program's words; nil: it speaks the same protocol.
func (h *host) otherProtocol(hello *proto.Hello, via proto.HostConnected_Via) *proto.Failure {
	theirs := hello.GetProtocol()
	if theirs == proto.ProtocolVersion {
		return nil
	}
	version := fault.Bound(hello.GetVersion(), maxName)
	failure := &proto.Failure{
		Stage:  proto.StageOf(fault.Load),
		Reason: fmt.Sprintf("the agent (%s) speaks protocol %d, and this program protocol %d; nothing was run", version, theirs, proto.ProtocolVersion),
		Hint:   "use the same version of sloth-runner on both sides",
	}
	switch {
	case theirs > proto.ProtocolVersion:
		failure.Hint = "the agent is newer: use its version of sloth-runner here"
	case via == proto.HostConnected_AGENT:
		failure.Hint = fmt.Sprintf("the agent is older: `sloth-runner agent upgrade %s` puts this version there, over SSH", h.target.Name)
	}
	return failure
}
