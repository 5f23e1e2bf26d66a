package runner

import (
	"context"
	"io"

	"google.golang.org/grpc"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Connector reaches hosts. It is safe for concurrent use.
type Connector interface {
	// Connect returns a connection on which an agent answers, and what closes it with all that it stands on. It
	// returns when ctx ends, and then leaves nothing open. report takes HostUpload and Notice events and may be
	// called from any goroutine until Connect returns. Errors are fault.Errors with their stage.
	Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (*grpc.ClientConn, io.Closer, proto.HostConnected_Via, error)
}
