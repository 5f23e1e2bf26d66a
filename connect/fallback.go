package connect

import (
	"context"
	"fmt"
	"net"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// connector reaches hosts; it is what runner.Connector is.
type connector interface {
	Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error)
}

// Fallback connects to persistent agents, and over SSH to hosts whose agent does not answer. It is a runner.Connector.
type Fallback struct {
	Agent, SSH connector
}

// Connect connects to the target's agent, or starts another agent over SSH for this run and reports that with a notice.
func (f Fallback) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	conn, via, err := f.Agent.Connect(ctx, target, report)
	if err == nil || target.OverSSH == nil || ctx.Err() != nil {
		return conn, via, err
	}
	conn, via, overSSH := f.SSH.Connect(ctx, *target.OverSSH, report)
	if overSSH == nil {
		report(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{
			Text: fmt.Sprintf("its agent does not answer (%s): another runs over SSH instead", reason(err)), Lasting: true,
		}}})
		return conn, via, nil
	}
	return nil, 0, &fault.Error{
		Stage: fault.Connect, Host: target.Name,
		Err:  fmt.Errorf("neither its agent nor SSH can be reached: %s; %s", reason(err), reason(overSSH)),
		Hint: fault.Hint(overSSH),
	}
}

// reason returns the error without its host, which the message has already.
func reason(err error) string {
	failure := proto.FailureOf(err, fault.Connect)
	return proto.FaultStage(failure.GetStage()).String() + ": " + failure.GetReason()
}
