package runner

import (
	"context"
	"net"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Connector reaches hosts. It is safe for concurrent use.
type Connector interface {
	// Connect returns a connection on which an agent serves gRPC; closing it releases all that it stands on. Connect
	// returns soon after ctx ends, and then leaves nothing open. report takes HostUpload and Notice events; it may be
	// called from any goroutine, but not after Connect has returned. Errors are fault.Errors with their stage.
	Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error)
}
