//go:build !agent

package agent

import (
	"context"
	"net"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Dialer reaches persistent agents. It is a runner.Connector.
type Dialer struct {
	// Timeout limits the TCP connection; 0: the system's.
	Timeout time.Duration
}

// Connect dials the agent at the target's address.
func (d Dialer) Connect(ctx context.Context, target inventory.Target, _ func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	conn, err := (&net.Dialer{Timeout: d.Timeout}).DialContext(ctx, "tcp", target.Address)
	if err != nil {
		return nil, 0, &fault.Error{
			Stage: fault.Connect, Host: target.Name,
			Err:       fault.FailedToConnect(target.Address, err),
			Hint:      "check that the agent runs there (sloth-runner agent start NAME --port PORT), and that no firewall is in between",
			Temporary: true,
		}
	}
	return conn, proto.HostConnected_AGENT, nil
}
